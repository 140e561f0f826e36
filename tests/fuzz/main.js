// Fuzzes for as long as is asked for: npm run fuzz -- [--minutes N] [TARGET...]
// What libFuzzer learns stays in build/fuzz/TARGET/ and grows from run to run.
import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import Table from "cli-table3";
import { Argument, Command, InvalidArgumentError } from "commander";
import { build } from "../../scripts/build.js";
import { buildWasm } from "../../scripts/build-wasm.js";
import { properties } from "./properties.js";
import { runFuzzer } from "./run.js";
import { targets } from "./seeds.js";

const root = path.join(import.meta.dirname, "../..");
const SECONDS_PER_MINUTE = 60;
const LINES_OF_REPORT = 60;

function parseMinutes(text) {
	const minutes = Number(text);
	if (minutes > 0 && minutes <= 10_000) return minutes;
	throw new InvalidArgumentError("Give a number above 0, up to 10000.");
}

function prepare(names) {
	const inC = names.filter((name) => name in targets);
	const inJavaScript = names.filter((name) => name in properties);
	if (inC.length > 0)
		build({ configuration: "Fuzz", targets: inC, quiet: true });
	if (inJavaScript.length === 0) return;
	const program = ["parser_outcomes"];
	build({ configuration: "Sanitize", targets: program, quiet: true });
	build({ targets: ["addon"], quiet: true });
	buildWasm({ quiet: true });
}

/** Returns { runs, failure: a report, or undefined }. */
function fuzz(target, seconds) {
	const folder = path.join(root, "build/fuzz", target);
	const log = path.join(folder, "log");
	mkdirSync(folder, { recursive: true });
	const file = openSync(log, "w");
	const args = [`-max_total_time=${seconds}`, "-print_final_stats=1"];
	const stdio = ["ignore", "ignore", file];
	const { status } = runFuzzer(target, folder, args, { stdio });
	closeSync(file);
	const report = readFileSync(log, "utf8");
	const [, runs] =
		/^stat::number_of_executed_units:\s*(\d+)/m.exec(report) ?? [];
	const end = report.trimEnd().split("\n").slice(-LINES_OF_REPORT).join("\n");
	return {
		runs: Number(runs ?? 0),
		failure:
			status === 0
				? undefined
				: `${end}\nRepeat it with: build/Fuzz/${target} FILE`,
	};
}

/** Likewise. */
function check(property, seconds) {
	const script = path.join(import.meta.dirname, "run-property.js");
	const seed = Date.now() % 2 ** 31;
	const args = [script, property, `${seconds}`, `${seed}`];
	const options = { encoding: "utf8", maxBuffer: 2 ** 26 };
	const { status, stdout, stderr } = spawnSync(process.execPath, args, options);
	if (status === 0) return JSON.parse(stdout);
	return { runs: 0, failure: `${stderr}\nThe seed was ${seed}.` };
}

function run(name, seconds) {
	process.stdout.write(`${name} ... `);
	const begin = performance.now();
	const outcome = name in targets ? fuzz(name, seconds) : check(name, seconds);
	const minutes = (performance.now() - begin) / 1000 / SECONDS_PER_MINUTE;
	console.log(
		outcome.failure
			? `found something\n${outcome.failure}`
			: `nothing found in ${outcome.runs} runs`,
	);
	return { name, minutes, ...outcome };
}

function format(results) {
	const head = ["", "minutes", "runs", "finds"];
	const colAligns = ["left", "right", "right", "right"];
	const style = { head: [], border: [], compact: true };
	const table = new Table({ head, colAligns, style });
	for (const { name, minutes, runs, failure } of results)
		table.push([name, minutes.toFixed(1), runs, failure ? 1 : 0]);
	return `${table}`;
}

const all = [...Object.keys(targets), ...Object.keys(properties)];
const command = new Command("npm run fuzz --")
	.description(
		"Feeds parsers and core what libFuzzer makes (fuzz_...), and what fast-check makes of properties that must hold (js_...), one after the other. What libFuzzer has learnt stays in build/fuzz/, and the next run goes on from there.",
	)
	.addArgument(
		new Argument("[targets...]", "what to fuzz (default: all)").choices(all),
	)
	.option("--minutes <n>", "how long each", parseMinutes, 1)
	.exitOverride(({ exitCode }) => process.exit(exitCode && 2))
	.parse();
const { minutes } = command.opts();
const names = command.args.length > 0 ? command.args : all;
prepare(names);
const results = names.map((name) =>
	run(name, Math.ceil(minutes * SECONDS_PER_MINUTE)),
);
console.log(format(results));
if (results.some(({ failure }) => failure)) process.exitCode = 1;
