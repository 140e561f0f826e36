// Breaks every host and the command, under load: npm run chaos -- [--minutes N] [--tier T] [--seed S] [--log FILE]
import Table from "cli-table3";
import { Command, InvalidArgumentError } from "commander";
import { build } from "../../scripts/build.js";
import { buildWasm } from "../../scripts/build-wasm.js";
import { addCounts, sumOf } from "../load/ledger.js";
import { addLogOptions, runWithLog, upTo } from "../load/long-run.js";
import { runTarget } from "./run.js";
import { targets } from "./targets.js";

const MS_PER_MINUTE = 60_000;

function seedOf(digits) {
	if (/^\d{1,9}$/.test(digits)) return Number(digits);
	throw new InvalidArgumentError("It must be a whole number.");
}

function parseFlags() {
	const command = new Command("npm run chaos --")
		.description(
			"Under load, at random: kills and stops children, threads and processes; makes system calls and allocations fail; lowers limits, moves the clock. Every answer is checked, and what is held afterwards.",
		)
		.option("--minutes <n>", "for all targets together", upTo(1_000), 10)
		.option("--tier <id>", 'only the targets of this tier, or of "command"')
		.option(
			"--seed <n>",
			"repeats the choices of a run",
			seedOf,
			Date.now() % 1e9,
		);
	return addLogOptions(command, "targets").parse().opts();
}

function select(tier) {
	if (tier === undefined) return targets;
	const selected = targets.filter((target) => target.tier === tier);
	if (selected.length > 0) return selected;
	const ids = [...new Set(targets.map((target) => target.tier))].join(", ");
	console.error(`error: --tier must be one of ${ids}.`);
	process.exit(2);
}

const align = (i) => (i === 0 ? "left" : "right");
const style = { head: [], border: [], compact: true };

function formatTargets(ledger) {
	const endings = Object.keys(ledger.entries[0].answers);
	const head = ["", "minutes", "faults", "requests", ...endings];
	const table = new Table({
		head,
		colAligns: head.map((_, i) => align(i)),
		style,
	});
	const row = (name, entries) => {
		const answers = addCounts(entries.map((entry) => entry.answers));
		const faults = entries.reduce((sum, entry) => sum + sumOf(entry.faults), 0);
		const seconds = entries.reduce((sum, entry) => sum + entry.seconds, 0);
		return [
			name,
			(seconds / 60).toFixed(1),
			faults,
			sumOf(answers),
			...endings.map((ending) => answers[ending]),
		];
	};
	for (const [name, entries] of ledger.byName()) table.push(row(name, entries));
	table.push(row("all", ledger.entries));
	return `${table}`;
}

function format(ledger) {
	const faults = addCounts(ledger.entries.map((entry) => entry.faults));
	const kinds = Object.entries(faults)
		.map(([kind, count]) => `${kind} ${count}`)
		.join(", ");
	const complaints = ledger.entries.flatMap((entry) => entry.complaints);
	return [
		formatTargets(ledger),
		`Faults: ${kinds}.`,
		`${complaints.length} complaints; of commits ${ledger.commits().join(", ")}.`,
	].join("\n");
}

async function run({ minutes, tier, seed }, ledger, onStart) {
	const selected = ledger.sortByNeed(select(tier));
	build({
		configuration: "Release",
		quiet: true,
		targets: ["addon", "cli", "injector", "server", "shared"],
	});
	buildWasm({ configuration: "Release", quiet: true });
	const durationMs = (minutes * MS_PER_MINUTE) / selected.length;
	console.log(
		`${selected.length} target${selected.length === 1 ? "" : "s"}, ${(durationMs / 1000).toFixed(1)} s each; to repeat it: --seed ${seed}`,
	);
	for (const target of selected) {
		process.stdout.write(`${target.name} ... `);
		const result = await runTarget(target, { durationMs, seed, onStart });
		const { faults, answers, complaints } = result;
		console.log(`${sumOf(faults)} faults, ${sumOf(answers)} requests`);
		for (const complaint of complaints) console.log(`  ${complaint}`);
		ledger.add({ seed, ...result });
	}
}

await runWithLog(parseFlags(), { run, format });
