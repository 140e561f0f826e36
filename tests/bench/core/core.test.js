// npm run bench:core
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { eventually } from "../../contract/http.js";
import { processesWith, withDirectory } from "../helpers.js";

const main = fileURLToPath(
	new URL("../../../bench/core/main.js", import.meta.url),
);

/** Starts it with a temporary folder of its own; `mark` is in the environment of every process that it starts. */
function start(directory, args) {
	const BENCH_TEST = randomUUID();
	const TMPDIR = join(directory, "tmp");
	mkdirSync(TMPDIR, { recursive: true });
	const env = { ...process.env, BENCH_TEST, TMPDIR };
	const child = spawn(process.execPath, [main, ...args], { env });
	const run = { child, mark: `BENCH_TEST=${BENCH_TEST}`, TMPDIR };
	for (const name of ["stdout", "stderr"]) {
		run[name] = "";
		child[name].setEncoding("utf8").on("data", (text) => {
			run[name] += text;
		});
	}
	run.closed = once(child, "close");
	return run;
}

async function runToEnd(directory, ...args) {
	const run = start(directory, args);
	const [code] = await run.closed;
	return { ...run, code };
}

function assertNothingLeft({ mark, TMPDIR }) {
	assert.deepEqual(processesWith(mark), []);
	assert.deepEqual(readdirSync(TMPDIR), []);
}

test("sizes: a table of bytes beside zlib's, and a file with them", () =>
	withDirectory(async (directory) => {
		const file = join(directory, "sizes.json");
		const what = ["--sizes", "100,scale-4", "--text", "short"];
		const run = await runToEnd(directory, ...what, "--json", file);
		assert.equal(run.code, 0, run.stderr);
		assert.match(run.stdout, /^short +scale-4 +\d+ +\d+ +/m);
		const { short } = JSON.parse(readFileSync(file)).corpora;
		assert.deepEqual(Object.keys(short), ["100", "scale-4"]);
		for (const { fast, effort, zlib } of Object.values(short)) {
			assert.ok(fast < 1.1 * zlib, `${fast} and ${zlib} bytes`);
			assert.ok(effort <= fast, `${effort} and ${fast} bytes`);
		}
	}));

test("a run of all contenders ends with tables that fit, and a file with the samples", () =>
	withDirectory(async (directory) => {
		const file = join(directory, "core.json");
		const size = ["--rounds", "1", "--time-ms", "1", "--text", "short"];
		const run = await runToEnd(directory, ...size, "--json", file);
		assert.equal(run.code, 0, run.stderr);
		for (const line of run.stdout.split("\n"))
			assert.ok(line.length <= 100, line);
		assert.match(run.stdout, /^short: text to PNG, compared with bare$/m);
		assert.match(run.stdout, /^addon \/ qrcode-article +[\d,]+x/m);
		assert.match(run.stdout, /^bytes: fast \/ zlib level 9 +[01]\.\d+x/m);
		assert.doesNotMatch(run.stdout, /undefined|NaN|null|Infinity/);
		assert.ok(!run.stdout.includes("\x1b"));
		const { samples, zlibNineBytes } = JSON.parse(readFileSync(file)).corpora
			.short;
		for (const [id, [sample]] of Object.entries(samples)) {
			assert.ok(sample.cpuMicrosPerText > 0, id);
			assert.equal(sample.pngBytes > 0, !id.endsWith("/modules"), id);
			assert.equal(sample.calls % 128, 0, id);
		}
		const { bare, reference, addon } = samples;
		const fast = samples["fast:128"][0];
		assert.ok(Math.abs(addon[0].pngBytes - fast.pngBytes) < 0.01);
		assert.ok(addon[0].pngBytes <= 1.2 * zlibNineBytes);
		assert.ok(Math.abs(bare[0].pngBytes / reference[0].pngBytes - 1) < 0.05);
		assertNothingLeft(run);
	}));

test("Ctrl-C leaves nothing running, and the samples until then", () =>
	withDirectory(async (directory) => {
		const file = join(directory, "core.json");
		const args = ["--contenders", "fast:128,qr", "--json", file];
		const run = start(directory, [...args, "--rounds", "999"]);
		await eventually("round 2", () => run.stderr.includes("round 2 of 999"));
		run.child.kill("SIGINT");
		const [code] = await run.closed;
		assert.equal(code, 130, run.stderr);
		assertNothingLeft(run);
		const { samples } = JSON.parse(readFileSync(file)).corpora.short;
		assert.ok(samples.qr.length >= 1);
	}));

test("another build is compared in turns, image by image", () =>
	withDirectory(async (directory) => {
		const file = join(directory, "core.json");
		const size = ["--rounds", "6", "--text", "url-50,json-200"];
		const which = ["--against", "HEAD", "--contenders", "fast:128"];
		const run = await runToEnd(directory, ...which, ...size, "--json", file);
		assert.equal(run.code, 0, run.stderr);
		assert.match(run.stdout, /^Text to PNG, compared with HEAD$/m);
		assert.match(run.stdout, /^url-50 +[\d.]+ +[\d.]+x +[\d.]+–[\d.]+$/m);
		const { against, corpora } = JSON.parse(readFileSync(file));
		assert.match(against.commit, /^[0-9a-f]{40}$/);
		const { micros } = corpora["json-200"]["fast:128"];
		assert.equal(micros.length, 6);
		for (const times of micros) assert.ok(times.every((time) => time > 0));
		assertNothingLeft(run);
	}));

test("without such a commit there is nothing to compare with", () =>
	withDirectory(async (directory) => {
		const run = await runToEnd(directory, "--against", "no-such-commit");
		assert.equal(run.code, 1);
		assert.match(run.stderr, /--against no-such-commit is not a commit here/);
		assertNothingLeft(run);
	}));

test("a wrong option is one sentence and exit code 2", () =>
	withDirectory(async (directory) => {
		const rows = [
			[["--rounds", "0"], /Give a whole number above 0\./],
			[["--text", "short,none"], /There is no "none"; there are short, mid,/],
			[
				["--contenders", "none"],
				/There is no "none"; there are fast:baseline, /,
			],
			[["--control", "qr/modules"], /There is no "qr\/modules"; there are /],
			[["--json", join(directory, "no/such.json")], /no such file/],
			[["short"], /too many arguments/],
			[["--against", "HEAD", "--callgrind"], /cannot be used with option/],
			[
				["--against", "HEAD", "--contenders", "fast:128,bare"],
				/--against compares fast:128, .*not "bare"/,
			],
		];
		for (const [args, sentence] of rows) {
			const run = await runToEnd(directory, ...args);
			assert.equal(run.code, 2, `${args}: ${run.stderr}`);
			assert.match(run.stderr, sentence);
			assert.equal(run.stdout, "");
			assertNothingLeft(run);
		}
	}));
