import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { renderComparison } from "../../../bench/report/compare.js";
import {
	compareCommits,
	compareRuns,
	judge,
} from "../../../bench/results/compare.js";
import {
	addMeasurement,
	addRound,
	createResults,
	recordFailure,
	writeResults,
} from "../../../bench/results/results.js";
import { summarise } from "../../../bench/results/summary.js";
import { machine, makeRow, makeSettings, withDirectory } from "../helpers.js";
import { runKit } from "../run-kit.js";

const noFailures = { connect: 0, read: 0, write: 0, timeout: 0, status: 0 };
/** Values around 1, the same for the same seed: noise of so many percent. */
function makeNoise(seed, count, percent) {
	let state = (seed * 7919 * 104729) % 2147483647;
	return Array.from({ length: count }, () => {
		state = (state * 48271) % 2147483647;
		return 1 + ((state / 2147483647) * 2 - 1) * (percent / 100);
	});
}

/** A run as in results.json; `rates`: row → rate in each round. CPU time goes up as the rate goes down. */
function makeRun(
	rates,
	{ directory, change = {}, areShared = false, failed = {} },
) {
	const results = createResults({
		directory,
		machine: { ...machine, ...change },
		settings: structuredClone(makeSettings({ against: null })),
	});
	for (const [name, list] of Object.entries(rates)) {
		const [tierName, commit] = name.split(" at ");
		const [id, engine = null] = tierName.split("@");
		const row = {
			...makeRow({ id, engine, ...(commit && { commit }) }),
			name,
		};
		const measurement = addMeasurement(results, {
			row,
			engine,
			node: "20.0.0",
			details: "",
			meanImageBytes: 500,
			startupMs: [],
			cpus: { generator: [0], server: [1] },
		});
		measurement.cpus.areShared = areShared;
		list.forEach((rate, i) => {
			const histogram = new Map([[1000, 1]]);
			addRound(results, measurement, i + 1, {
				load: {
					requests: Math.round(rate * 1000),
					seconds: 1000,
					bytes: 1,
					bytesSent: 1,
					failures: noFailures,
					histogram,
					generatorCpuShare: 0.5,
				},
				cpuSeconds: 950,
				systemCpuSeconds: 0,
				foreignCpuShare: 0,
				memory: null,
			});
		});
	}
	for (const [name, reason] of Object.entries(failed)) {
		const [id, engine = null] = name.split("@");
		recordFailure(results, { name, id, engine }, new Error(reason));
	}
	results.isComplete = true;
	return results;
}

/** js at about 300 and addon@fast at about 10,000 a second, times `speed`, on a machine that drifts in the way of `seed`. */
function makeRates(seed, { rounds = 10, percent = 2, speed = 1 } = {}) {
	const drift = makeNoise(seed, rounds, 30);
	const noise = makeNoise(seed + 1000, rounds, percent);
	return {
		js: drift.map((d) => 300 * d),
		"addon@fast": drift.map((d, i) => 10_000 * speed * d * noise[i]),
	};
}

const withRuns = (use) =>
	withDirectory((directory) =>
		use((rates, more) => summarise(makeRun(rates, { directory, ...more }))),
	);

test("of runs of the same 19 in 20 find nothing, whatever the drift between them; the gate finds nothing ever", () =>
	withRuns((run) => {
		const count = 400;
		let ghosts = 0;
		for (let seed = 1; seed <= count; seed += 1) {
			const before = run(makeRates(seed));
			const after = run(makeRates(seed + 5000));
			const comparison = compareRuns(before, after);
			const [row] = comparison.rows;
			assert.deepEqual(
				[comparison.rows.length, row.name, row.control],
				[1, "addon@fast", "js"],
			);
			if (row.verdict !== "not distinguishable") ghosts += 1;
			assert.deepEqual(judge(comparison, 0.1).regressions, []);
		}
		assert.ok(ghosts > 0.005 * count && ghosts < 0.08 * count, `${ghosts}`);
	}));

test("a planted slowdown is found, and its size", () =>
	withRuns((run) => {
		const before = run(makeRates(1));
		const after = run(makeRates(50, { speed: 0.8 }));
		const comparison = compareRuns(before, after);
		const [row] = comparison.rows;
		assert.equal(row.verdict, "slower");
		const { ratio, low, high } = row.imagesPerSecond;
		assert.ok(low < 0.8 && 0.8 < high && high < 0.85, `${low} to ${high}`);
		assert.ok(Math.abs(ratio - 0.8) < 0.02, `${ratio}`);
		assert.ok(Math.abs(row.cpuMicrosPerImage.ratio - 1.25) < 0.03);
		assert.deepEqual(judge(comparison, 0.1).regressions, ["addon@fast"]);
		assert.deepEqual(judge(comparison, 0.2).regressions, []);
		const faster = compareRuns(after, before);
		assert.equal(faster.rows[0].verdict, "faster");
		assert.deepEqual(judge(faster, 0.1).regressions, []);
	}));

test("where the generator shares CPUs, CPU time is what counts", () =>
	withRuns((run) => {
		const before = run(makeRates(1), { areShared: true });
		const after = run(makeRates(50, { speed: 0.8 }), { areShared: true });
		const comparison = compareRuns(before, after);
		assert.deepEqual(comparison.rows[0].figures, ["cpuMicrosPerImage"]);
		assert.equal(comparison.rows[0].verdict, "slower");
		assert.deepEqual(judge(comparison, 0.1).regressions, ["addon@fast"]);
		assert.deepEqual(judge(comparison, 0.2).regressions, []);
		assert.match(renderComparison(comparison), /Judged by CPU time alone/);
	}));

test("noise as wide as the threshold is said, and is no regression", () =>
	withRuns((run) => {
		const before = run(makeRates(1, { percent: 60 }));
		const after = run(makeRates(50, { percent: 60, speed: 0.95 }));
		const comparison = compareRuns(before, after);
		const gate = judge(comparison, 0.1);
		assert.deepEqual(gate.regressions, []);
		assert.deepEqual(gate.tooNoisy, ["addon@fast"]);
		assert.match(
			renderComparison(comparison, gate),
			/a change of 10 % can hide/,
		);
	}));

test("too few rounds decide nothing", () =>
	withRuns((run) => {
		const before = run(makeRates(1));
		const after = run(makeRates(2, { rounds: 5, speed: 0.1 }));
		const comparison = compareRuns(before, after);
		assert.equal(comparison.rows[0].verdict, null);
		const gate = judge(comparison, 0.1);
		assert.deepEqual(gate.undecided, ["addon@fast"]);
		assert.match(renderComparison(comparison, gate), /too few rounds/);
	}));

test("a control can be named, and is judged by another one", () =>
	withRuns((run) => {
		const rates = { ...makeRates(1), constant: makeNoise(9, 10, 30) };
		const [before, after] = [run(rates), run(rates)];
		const controls = (options) =>
			compareRuns(before, after, options).rows.map(({ name, control }) => [
				name,
				control,
			]);
		assert.deepEqual(controls({}), [
			["js", "constant"],
			["addon@fast", "js"],
			["constant", "js"],
		]);
		assert.deepEqual(controls({ control: "addon" }), [
			["js", "addon@fast"],
			["constant", "addon@fast"],
		]);
		assert.throws(
			() => compareRuns(before, after, { control: "none" }),
			/both have js, addon@fast, constant/,
		);
	}));

test("unlike runs are refused by the names of what differs, unless forced", () =>
	withRuns((run) => {
		const before = run(makeRates(1));
		const after = run(makeRates(2), {
			change: { cpu: "Another CPU", gitCommit: "b", packages: ["other"] },
		});
		after.settings.texts[0].count = 5;
		after.rows[1].processes = 2;
		const refusal =
			'The runs are not alike: cpu: A CPU and Another CPU; short texts: {"kind":"short","count":10,"meanBytes":50} and {"kind":"short","count":5,"meanBytes":50}; processes of addon@fast: 1 and 2. --force compares them all the same.';
		assert.throws(() => compareRuns(before, after), { message: refusal });
		const forced = compareRuns(before, after, { force: true });
		assert.equal(forced.differences.length, 3);
		assert.match(renderComparison(forced), /Compared by force/);
	}));

test("a row that fails now is a regression; rows of one run alone are named", () =>
	withRuns((run) => {
		const rates = makeRates(1);
		const extra = { cli: rates.js, wasm: rates.js };
		const before = run({ ...rates, ...extra });
		const after = run(rates, { failed: { cli: "it is missing" } });
		const comparison = compareRuns(before, after);
		assert.deepEqual(judge(comparison, 0.1).regressions, ["cli"]);
		assert.deepEqual(comparison.onlyInA, ["cli", "wasm"]);
		assert.deepEqual(comparison.onlyInB, []);
		assert.match(renderComparison(comparison), /failed in B: it is missing/);
	}));

test("two commits in one run are paired within its rounds, without a control", () =>
	withRuns((run) => {
		const { js, "addon@fast": addon } = makeRates(1);
		const old = makeNoise(3, 10, 2);
		const results = run({
			"addon@fast": addon.map((rate) => 0.8 * rate),
			"addon@fast at v1": addon.map((rate, i) => rate * old[i]),
			"js at v1": js,
		});
		const comparison = compareCommits(results);
		const [row] = comparison.rows;
		assert.deepEqual(
			[comparison.rows.length, row.name, row.verdict],
			[1, "addon@fast", "slower"],
		);
		assert.ok(Math.abs(row.imagesPerSecond.ratio - 0.8) < 0.02);
		assert.deepEqual(comparison.onlyInA, ["js"]);
		assert.match(renderComparison(comparison), /^A: commit v1$/m);
	}));

test("more rows have wider intervals", () =>
	withRuns((run) => {
		const rates = (seed, count) => ({
			...makeRates(seed),
			...Object.fromEntries(
				Array.from({ length: count }, (_, i) => [
					`addon@e${i}`,
					makeRates(seed)["addon@fast"],
				]),
			),
		});
		const halfWidth = (count) => {
			const { rows } = compareRuns(run(rates(1, count)), run(rates(50, count)));
			return Math.log(
				rows[0].imagesPerSecond.high / rows[0].imagesPerSecond.low,
			);
		};
		assert.ok(halfWidth(9) > 1.3 * halfWidth(0));
	}));

const runCompare = (...args) => runKit("compare", ...args);

test("the command: files or directories, exit codes for CI, JSON and Markdown", () =>
	withDirectory((before) =>
		withDirectory((after) => {
			const gate = ["--fail-on-regression", "10%"];
			writeResults(makeRun(makeRates(1), { directory: before }));
			writeResults(makeRun(makeRates(9), { directory: after }));
			const file = join(after, "results.json");
			const same = runCompare(before, file, ...gate);
			assert.equal(same.status, 0, same.stderr);
			assert.match(same.stdout, /Gate: passed/);

			const slow = makeRates(9, { speed: 0.8 });
			writeResults(makeRun(slow, { directory: after }));
			assert.equal(runCompare(before, after).status, 0);
			const json = join(after, "comparison.json");
			const markdown = join(after, "comparison.md");
			const outputs = ["--json", json, "--markdown", markdown];
			const { status, stdout } = runCompare(before, after, ...gate, ...outputs);
			assert.equal(status, 1);
			assert.match(stdout, /Gate: slower by more than 10 %: addon@fast\./);
			for (const line of stdout.split("\n"))
				assert.ok(line.length <= 100, line);
			const written = JSON.parse(readFileSync(json));
			assert.deepEqual(written.gate.regressions, ["addon@fast"]);
			assert.match(readFileSync(markdown, "utf8"), /^\| addon@fast \| js \|/m);
		}),
	));

test("the command: what is wrong is one sentence and exit code 2", () =>
	withDirectory((directory) => {
		writeResults(makeRun(makeRates(1, { rounds: 3 }), { directory }));
		const rows = [
			[[directory], /takes two runs, .*; only \S+ was given/],
			[[directory, "/nowhere"], /\/nowhere cannot be read/],
			[
				[directory, directory, "--fail-on-regression", "a lot"],
				/Give a percentage below 100, such as 10%\./,
			],
			[[directory, directory, "--forse"], /Did you mean --force\?/],
		];
		for (const [args, sentence] of rows) {
			const { status, stderr, stdout } = runCompare(...args);
			assert.equal(status, 2, `${args}`);
			assert.match(stderr, sentence);
			assert.equal(stdout, "");
		}
		const gate = ["--fail-on-regression", "10%"];
		assert.equal(runCompare(directory, directory, ...gate).status, 2);
		assert.match(runCompare("--help").stdout, /Exit code: 0 if/);
	}));

test("nothing is judged beside programs that use much of the CPUs, unless it is forced", () =>
	withRuns((make) => {
		const rates = { js: Array(8).fill(100), addon: Array(8).fill(100) };
		const run = (foreign) => {
			const summary = make(rates);
			for (const row of summary.rows) row.foreignCpuShare.median = foreign;
			return summary;
		};
		const quiet = compareRuns(run(0.1), run(0.1));
		const busy = compareRuns(run(0.1), run(0.4));
		assert.equal(judge(quiet, 0.1).isTooBusy, false);
		assert.equal(judge(busy, 0.1).isTooBusy, true);
		assert.equal(judge(busy, 0.1, { force: true }).isTooBusy, false);
		const text = renderComparison(busy, judge(busy, 0.1));
		assert.match(text, /not decided; other programs used 40 % of the CPUs/);
	}));
