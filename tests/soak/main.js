// Puts load on every host for a long time, and looks whether anything grows: npm run soak -- [--minutes N] [--hosts NAMES] [--log FILE]
import Table from "cli-table3";
import { Command } from "commander";
import { build } from "../../scripts/build.js";
import { buildWasm } from "../../scripts/build-wasm.js";
import { hosts } from "../contract/hosts.js";
import { addCounts, sumOf } from "../load/ledger.js";
import { addLogOptions, runWithLog, upTo } from "../load/long-run.js";
import { soak } from "./run.js";

const MS_PER_MINUTE = 60_000;
const BYTES_PER_MB = 1e6;

function parseFlags() {
	const command = new Command("npm run soak --")
		.description(
			"Good, bad and aborted requests to every host, on all routes; every answer is checked, and whether memory, descriptors, threads, processes or zombies grow.",
		)
		.option("--minutes <n>", "for all hosts together", upTo(10_000), 30)
		.option(
			"--hosts <names>",
			`only these, with semicolons: ${hosts.map(({ name }) => name).join("; ")}`,
		);
	return addLogOptions(command, "hosts").parse().opts();
}

function select(names) {
	if (names === undefined) return hosts;
	return names.split(";").map((name) => {
		const host = hosts.find((one) => one.name === name.trim());
		if (host === undefined) {
			console.error(`error: there is no host ${name}.`);
			process.exit(2);
		}
		return host;
	});
}

/** The mean of several runs, each weighed by its requests. */
function meanSlope(entries, vital) {
	const known = entries.flatMap(({ growth }) => growth[vital] ?? []);
	const requests = known.reduce((sum, one) => sum + one.requests, 0);
	if (requests === 0) return undefined;
	return (
		known.reduce((sum, one) => sum + one.slope * one.requests, 0) / requests
	);
}

function describeGrowth(entries) {
	const memory = meanSlope(entries, "memoryMb");
	if (memory === undefined) return ["too short", "", "", "", ""];
	const others = ["fds", "threads", "processes", "zombies"].map((vital) => {
		const perThousand = 1000 * meanSlope(entries, vital);
		return (Math.round(perThousand * 1000) / 1000 || 0).toString();
	});
	return [(memory * BYTES_PER_MB).toFixed(1), ...others];
}

function format(ledger) {
	const head = ["", "minutes", "requests", "503", "wrong", "unanswered"];
	head.push("aborted", "MB", "bytes", "fds", "threads", "processes", "zombies");
	const table = new Table({
		head,
		colAligns: head.map((_, i) => (i === 0 ? "left" : "right")),
		style: { head: [], border: [], compact: true },
	});
	const row = (name, entries) => {
		const answers = addCounts(entries.map((entry) => entry.answers));
		const seconds = entries.reduce((sum, entry) => sum + entry.seconds, 0);
		return [
			name,
			(seconds / 60).toFixed(1),
			sumOf(answers),
			answers[503],
			answers.wrong,
			answers.unanswered + answers["cut off"],
			entries.reduce((sum, { aborted }) => sum + sumOf(aborted), 0),
		];
	};
	for (const [name, entries] of ledger.byName()) {
		const memoryMb = entries.at(-1).growth.memoryMb?.last.toFixed(0) ?? "";
		table.push([...row(name, entries), memoryMb, ...describeGrowth(entries)]);
	}
	table.push([...row("all", ledger.entries), "", "", "", "", "", ""]);
	return [
		table,
		"MB: memory at the end. After that, by the line through the samples: bytes that a request adds to it, and what 1000 requests add of all else.",
		`Of commits ${ledger.commits().join(", ")}.`,
	].join("\n");
}

async function run({ minutes, hosts: names }, ledger, onStart) {
	const selected = ledger.sortByNeed(select(names));
	build({
		configuration: "Release",
		quiet: true,
		targets: ["addon", "cli", "server", "shared"],
	});
	buildWasm({ configuration: "Release", quiet: true });
	const durationMs = (minutes * MS_PER_MINUTE) / selected.length;
	console.log(
		`${selected.length} host${selected.length === 1 ? "" : "s"}, ${(durationMs / 1000).toFixed(0)} s each`,
	);
	for (const host of selected) {
		process.stdout.write(`${host.name} ... `);
		const seed = Date.now() % 1e9;
		const result = await soak(host, { durationMs, seed, onStart });
		console.log(
			`${sumOf(result.answers)} requests, ${sumOf(result.aborted)} aborted`,
		);
		for (const complaint of result.complaints) console.log(`  ${complaint}`);
		ledger.add(result);
	}
}

await runWithLog(parseFlags(), { run, format });
