// Breaks every host that has something to break, under load: npm run chaos -- [--minutes N] [--tier T] [--seed S]
import Table from "cli-table3";
import { Command, InvalidArgumentError } from "commander";
import { build } from "../../scripts/build.js";
import { buildWasm } from "../../scripts/build-wasm.js";
import { killAll, runTarget } from "./run.js";
import { targets } from "./targets.js";

const MS_PER_MINUTE = 60_000;

function positive(digits) {
	const number = Number(digits);
	if (number > 0 && number <= 1_000) return number;
	throw new InvalidArgumentError("It must be a number up to 1000.");
}

function seedOf(digits) {
	if (/^\d{1,9}$/.test(digits)) return Number(digits);
	throw new InvalidArgumentError("It must be a whole number.");
}

function parseFlags() {
	return new Command("npm run chaos --")
		.description(
			"Kills, stops and pauses children, threads and processes at random under load, and checks every answer.",
		)
		.option("--minutes <n>", "for all targets together", positive, 10)
		.option("--tier <id>", "only the targets of this tier")
		.option(
			"--seed <n>",
			"repeats the choices of a run",
			seedOf,
			Date.now() % 1e9,
		)
		.parse()
		.opts();
}

function select(tier) {
	if (tier === undefined) return targets;
	const selected = targets.filter((target) => target.tier === tier);
	if (selected.length > 0) return selected;
	const ids = [...new Set(targets.map((target) => target.tier))].join(", ");
	console.error(`error: --tier must be one of ${ids}.`);
	process.exit(2);
}

const sumOf = (counts) => Object.values(counts).reduce((a, b) => a + b, 0);

function format(results) {
	const kinds = [
		...new Set(results.flatMap(({ faults }) => Object.keys(faults))),
	];
	const endings = Object.keys(results[0].answers);
	const head = ["", ...kinds, "requests", ...endings];
	const row = (name, faults, answers) => [
		name,
		...kinds.map((kind) => faults[kind] ?? ""),
		sumOf(answers),
		...endings.map((ending) => answers[ending]),
	];
	const total = (field) => {
		const sums = {};
		for (const result of results)
			for (const [key, count] of Object.entries(result[field]))
				sums[key] = (sums[key] ?? 0) + count;
		return sums;
	};
	const table = new Table({
		head,
		colAligns: head.map((_, i) => (i === 0 ? "left" : "right")),
		style: { head: [], border: [], compact: true },
	});
	for (const { name, faults, answers } of results)
		table.push(row(name, faults, answers));
	table.push(row("all", total("faults"), total("answers")));
	return `${table}`;
}

async function main() {
	const { minutes, tier, seed } = parseFlags();
	const selected = select(tier);
	build({
		configuration: "Release",
		quiet: true,
		targets: ["addon", "cli", "server", "shared"],
	});
	buildWasm({ configuration: "Release", quiet: true });
	let current;
	const signals = ["SIGINT", "SIGTERM"];
	for (const [i, signal] of signals.entries())
		process.once(signal, () => {
			if (current) killAll(current);
			process.exit(i === 0 ? 130 : 143);
		});
	const durationMs = (minutes * MS_PER_MINUTE) / selected.length;
	console.log(
		`${selected.length} targets, ${(durationMs / 1000).toFixed(1)} s each; to repeat it: --seed ${seed}`,
	);
	const results = [];
	for (const target of selected) {
		process.stdout.write(`${target.name} ... `);
		const onStart = (running) => {
			current = running;
		};
		const result = await runTarget(target, { durationMs, seed, onStart });
		const { faults, answers, complaints } = result;
		console.log(`${sumOf(faults)} faults, ${sumOf(answers)} requests`);
		for (const complaint of complaints) console.log(`  ${complaint}`);
		results.push(result);
	}
	console.log(format(results));
	if (results.some(({ complaints }) => complaints.length > 0))
		process.exitCode = 1;
}

await main();
