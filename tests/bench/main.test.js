import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { checkResults } from "../../bench/results/schema.js";
import { eventually } from "../contract/http.js";
import { processesWith, readResults, withDirectory } from "./helpers.js";
import { makeUsualResults } from "./sample-results.js";

const main = fileURLToPath(new URL("../../bench/main.js", import.meta.url));

/** Starts the kit; `mark` is in the environment of every process that it starts. */
function startKit(args) {
	const mark = `BENCH_TEST=${randomUUID()}`;
	const env = { ...process.env, BENCH_TEST: mark.split("=")[1] };
	const child = spawn(process.execPath, [main, ...args], { env });
	const kit = { child, mark, stdout: "", stderr: "" };
	child.stdout.setEncoding("utf8").on("data", (text) => {
		kit.stdout += text;
	});
	child.stderr.setEncoding("utf8").on("data", (text) => {
		kit.stderr += text;
	});
	kit.closed = once(child, "close");
	return kit;
}

async function runKit(...args) {
	const kit = startKit(args);
	const [code] = await kit.closed;
	return { ...kit, code };
}

const parseLine = (line) => (line ? JSON.parse(line) : {});

const quick = [
	...["--tiers", "js-best,constant", "--duration", "0.5", "--warm-up", "0.3"],
	...["--connections", "4"],
];

test("a run ends with the tables and both files", () =>
	withDirectory(async (directory) => {
		const args = [...quick, "--rounds", "2", "--out", directory];
		const { code, stdout, stderr, mark } = await runKit(...args);
		assert.equal(code, 0, stderr);
		for (const line of stdout.split("\n"))
			assert.ok(line.length <= 100 || line.startsWith("In "), line);
		assert.match(
			stdout,
			/^All rows, slowest first, relative to js-best = 1\.00x/m,
		);
		assert.match(stderr, /^round 2 of 2 · \d+ s left$/m);
		assert.ok(!stdout.includes("\x1b") && !stderr.includes("\x1b"));
		const results = readResults(directory);
		checkResults(results);
		assert.equal(results.isComplete, true);
		assert.deepEqual(
			results.rows.map(({ id, rounds, node }) => [id, rounds, node]),
			[
				["js-best", 2, process.versions.node],
				["constant", 2, process.versions.node],
			],
		);
		const markdown = readFileSync(join(directory, "report.md"), "utf8");
		assert.match(markdown, /^\| constant \|/m);
		assert.deepEqual(processesWith(mark), []);
		rmSync(join(directory, "report.md"));
		const again = await runKit("report", directory);
		assert.equal(again.code, 0, again.stderr);
		assert.ok(stdout.startsWith(again.stdout), again.stdout);
		assert.equal(readFileSync(join(directory, "report.md"), "utf8"), markdown);
		rmSync(join(directory, "report.md"));
		const deaf = startKit(["report", directory]);
		deaf.child.stdout.destroy();
		assert.deepEqual([(await deaf.closed)[0], deaf.stderr], [0, ""]);
		assert.equal(readFileSync(join(directory, "report.md"), "utf8"), markdown);
		const lines = readFileSync(join(directory, "latencies.ndjson"), "utf8");
		const [{ row, round, latencyUs }] = lines.split("\n").map(parseLine);
		assert.deepEqual([row, round], ["js-best 4 connections", 1]);
		const [{ samples }] = results.rows;
		const counted = latencyUs.reduce((sum, [, count]) => sum + count, 0);
		assert.equal(counted, samples[0].requests);
	}));

/** A run that goes on until it is ended, with the least that there is to do. */
const endless = [
	...[
		"--tiers",
		"constant",
		"--duration",
		"0.2",
		"--warm-up",
		"0.2",
		"--connections",
		"4",
	],
	...["--rounds", "99"],
];

test("a directory without results of this kit has no report", () =>
	withDirectory(async (directory) => {
		const file = join(directory, "results.json");
		for (const [text, sentence] of [
			["{", /cannot be read: /],
			['{"schemaVersion":99}', /have the schema version 99; this kit reads /],
		]) {
			writeFileSync(file, text);
			const { code, stderr } = await runKit("report", directory);
			assert.equal(code, 2);
			assert.match(stderr, sentence);
		}
	}));

for (const [signal, extra] of [
	["SIGINT", []],
	["SIGTERM", ["--processes", "2"]],
]) {
	test(`${signal} keeps what was measured and leaves nothing running ${extra.join(" ")}`, () =>
		withDirectory(async (directory) => {
			const kit = startKit([...endless, ...extra, "--out", directory]);
			await eventually("round 2", () => kit.stderr.includes("round 2 of 99"));
			kit.child.kill(signal);
			kit.child.kill(signal);
			const [code] = await kit.closed;
			assert.equal(code, 130, kit.stderr);
			assert.deepEqual(processesWith(kit.mark), []);
			const { isComplete, rows } = readResults(directory);
			assert.equal(isComplete, false);
			assert.ok(rows.every(({ rounds }) => rounds >= 1 && rounds < 99));
			assert.match(kit.stdout, /interrupted/);
			assert.ok(existsSync(join(directory, "report.md")));
		}));
}

test("a kit that is killed outright leaves nothing running", () =>
	withDirectory(async (directory) => {
		const kit = startKit([...endless, "--out", directory]);
		await eventually("round 1", () => kit.stderr.includes("round 1 of 99"));
		kit.child.kill("SIGKILL");
		await kit.closed;
		await eventually("nothing runs", () => !processesWith(kit.mark).length);
		readResults(directory);
	}));

test("a wrong option is one sentence and exit code 2", async () => {
	const rows = [
		[["--tiers", "js,none"], /There is no tier "none"; there are js, /],
		[["--tiers", "js,js"], /Name each tier once\./],
		[["--tiers", "addon@fast,addon@fast"], /Name each tier once\./],
		[["--tiers", "none@fast"], /There is no tier "none"; there are js, /],
		[["--tiers", "addon@"], /An engine's name is a word\./],
		[["--engine", "fast,fast"], /Name each engine once\./],
		[["--node", "/bin/true"], /is not a node binary: give a major version/],
		[["--node", "26x"], /is not a node binary: give a major version/],
		[["--transport", "get,post"], /Give get, post-raw, post-json, grpc, or /],
		[["--batch-size", "1,0"], /Give a whole number from 1 to 1000, or /],
		[["--connections", "4,4"], /Name each value once\./],
		[["--arrivals", "poisson"], /for an open loop: give --rates, too/],
		[["--arrivals", "late"], /uniform, poisson, ramp/],
		[["--build", "fast"], /Give release or debug, or several/],
		[["--rounds", "0"], /Give a whole number from 1 to 1000\./],
		[["--rounds", "2.5"], /Give a whole number from 1 to 1000\./],
		[["--duration", "fast"], /Give a number from 0\.2 to 3600\./],
		[["--text", "no-such-file"], /there is no file no-such-file\./],
		[["--engine", "--help"], /An engine's name is a word\./],
		[["--duratoin", "1"], /Did you mean --duration\?/],
		[["js"], /the only words beside options are: report DIRECTORY/],
		[["report", "none"], /none cannot be read/],
		[["report", "a", "b"], /too many arguments/],
	];
	const check = async ([args, sentence]) => {
		const { code, stdout, stderr } = await runKit(...args);
		assert.equal(code, 2, `${args}: ${stderr}`);
		assert.match(stderr, sentence);
		assert.equal(stdout, "");
	};
	await Promise.all(rows.map(check));
});

test("limits are judged, and figures written for other programs, for a run that is over, too", () =>
	withDirectory(async (directory) => {
		const results = JSON.stringify(makeUsualResults());
		writeFileSync(join(directory, "results.json"), results);
		const judge = (...args) => runKit("report", directory, ...args);
		const past = await judge("--fail-if", "rate<1000,errors>0");
		assert.equal(past.code, 1, past.stderr);
		assert.match(past.stdout, /rate<1000: failed: js has 280 \/s\.$/m);
		assert.match(past.stdout, /errors>0: passed, for 4 rows\.$/m);
		const more = ["--fail-if", "addon: ratio<5x", "--format", "bencher"];
		const passed = await judge("--fail-if", "js:rate<9", ...more);
		assert.equal(passed.code, 0, passed.stderr);
		assert.equal(passed.stdout.match(/: passed/g)?.length, 2);
		const written = readFileSync(join(directory, "bencher.json"), "utf8");
		assert.equal(JSON.parse(written).js.throughput.value, 280);
		const undecided = await judge("--fail-if", "cli: rate<1");
		assert.equal(undecided.code, 1);
		for (const [args, sentence] of [
			[["--fail-if", "p97>1ms"], /"p97>1ms" is no condition\. Give FIGURE</],
			[["--format", "xml"], /Give github-action-benchmark or bencher/],
			[["--fail-if", "ratio<2", "--rounds", "5"], /give --rounds 6 or more/],
		]) {
			const { code, stderr } = await judge(...args);
			assert.equal(code, 2, stderr);
			assert.match(stderr, sentence);
		}
	}));

test("--help says what there is", async () => {
	const { code, stdout } = await runKit("--help");
	assert.equal(code, 0);
	assert.match(stdout, /--connections <n>/);
});
