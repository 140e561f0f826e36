// The cost of one call, without a server: CPU time per text, each contender in a process of its own, in rotated rounds.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import Table from "cli-table3";
import { Command, InvalidArgumentError } from "commander";
import { median, pairedRatio } from "../statistics.js";
import { loadTexts, textKinds } from "../texts.js";
import { contenders } from "./contenders.js";

const run = promisify(execFile);

function positiveInteger(value) {
	if (!/^[1-9]\d{0,5}$/.test(value)) {
		throw new InvalidArgumentError("It must be a whole number above 0.");
	}
	return Number(value);
}

const program = new Command("npm run bench:core --")
	.description(
		"CPU time per text and bytes per image, level L, 200 px wide, one thread.",
	)
	.option("--rounds N", "samples of each contender", positiveInteger, 10)
	.option("--time-ms N", "CPU time of a sample", positiveInteger, 200)
	.option("--text KIND...", `of ${textKinds.join(", ")}`, textKinds)
	.option("--anchor NAME", "the contender that ratios are relative to", "bare")
	.parse();

async function sample(contender, textsFile, timeMs) {
	const [command, ...args] = contender.command(textsFile, timeMs);
	const { stdout } = await run(command, args);
	return JSON.parse(stdout);
}

/** contender id → its samples, in the order of the rounds. */
async function measure(textsFile, { rounds, timeMs }, report) {
	const samples = new Map(contenders.map(({ id }) => [id, []]));
	for (let round = 0; round < rounds; round++) {
		for (let i = 0; i < contenders.length; i++) {
			const contender = contenders[(i + round) % contenders.length];
			report(`round ${round + 1} of ${rounds}: ${contender.id}`);
			samples
				.get(contender.id)
				.push(await sample(contender, textsFile, timeMs));
		}
	}
	report("");
	return samples;
}

function formatRatio({ ratio, low, high }) {
	if (low === null) return `${ratio.toFixed(2)}x`;
	return `${ratio.toFixed(2)}x (${low.toFixed(2)}–${high.toFixed(2)})`;
}

function formatTable(kind, samples, anchor) {
	const micros = (id) =>
		samples.get(id).map(({ cpuMicrosPerText }) => cpuMicrosPerText);
	const table = new Table({
		head: [kind, "CPU µs/text", `faster than ${anchor}`, "bytes"],
		colAligns: ["left", "right", "right", "right"],
		style: { head: [], border: [] },
	});
	for (const { id, title } of contenders) {
		const pairs = micros(anchor).map((value, i) => [value, micros(id)[i]]);
		const bytes = samples.get(id)[0].pngBytes;
		table.push([
			title,
			median(micros(id)).toFixed(1),
			formatRatio(pairedRatio(pairs)),
			bytes ? bytes.toFixed(0) : "–",
		]);
	}
	return table.toString();
}

function showProgress(line) {
	if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
}

const options = program.opts();
const folder = mkdtempSync(path.join(os.tmpdir(), "bench-core-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
process.on("SIGINT", () => process.exit(130));

console.log(
	`${os.cpus()[0].model}, Node ${process.version}; ${options.rounds} rounds of ${options.timeMs} ms, 95 % intervals`,
);
for (const kind of options.text) {
	const textsFile = path.join(folder, kind);
	writeFileSync(textsFile, `${loadTexts(kind).join("\n")}\n`);
	const samples = await measure(textsFile, options, (line) =>
		showProgress(line && `${kind}, ${line}`),
	);
	console.log(formatTable(kind, samples, options.anchor));
}
