import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { addUp } from "../../../bench/proof/add-up.js";
import { withWork } from "../../../bench/proof/plant.js";
import { withDirectory } from "../helpers.js";

const root = join(import.meta.dirname, "..", "..", "..");

const makeRun = (n, rate, cpu) => {
	const interval = ([low, high]) => ({
		ratio: Math.sqrt(low * high),
		low,
		high,
	});
	return {
		n,
		isBusy: n % 2 === 0,
		seconds: 20 + n,
		rate: interval(rate),
		cpu: interval(cpu),
		foreignCpuShare: 0.1,
	};
};
const runs = [
	makeRun(1, [0.8, 1.25], [0.5, 0.9]),
	makeRun(2, [0.8, 0.9], [1.05, 1.2]),
	makeRun(3, [1.1, 1.3], [0.9, 1.1]),
];
const kitOptions = ["--rounds", "6"];

/** The words of each line that begins with one of these. */
const readTable = (text) =>
	Object.fromEntries(
		text
			.split("\n")
			.filter((line) => /^(quiet|busy|all) /.test(line))
			.map((line) => line.split(/ {2,}/))
			.map(([name, ...cells]) => [name, cells]),
	);

test("the intervals that hold 1 are counted, for quiet runs, busy ones and all", () => {
	const what = { kind: "twin", tier: "addon@fast", planted: null, copy: null };
	const table = readTable(addUp(runs, { ...what, kitOptions }));
	const counts = Object.entries(table).map(([name, cells]) => [
		name,
		...cells.slice(0, 3),
	]);
	assert.deepEqual(counts, [
		["quiet", "2", "1", "1"],
		["busy", "1", "0", "0"],
		["all", "3", "1", "1"],
	]);
	// (1.0 · 0.849 · 1.196)^⅓, and half of the interval in the median run.
	assert.deepEqual(table.all.slice(3), [
		"1.005",
		"0.908",
		"8.7 %",
		"10.6 %",
		"10 %",
		"22",
	]);
});

test("planted work is found as fewer images, or more time for each", () => {
	const copy = { root: "", steps: 1, low: 0.09, high: 0.11 };
	const what = { kind: "twin", tier: "addon@fast", planted: 0.1, copy };
	const text = addUp(runs, { ...what, kitOptions });
	assert.match(text, /10 % more work \(by its calibration 9\.0 % to 11\.0 %\)/);
	assert.deepEqual(readTable(text).all.slice(0, 5), ["3", "1", "1", "1", "2"]);
});

test("a tier with planted work gives the same images", async () => {
	const source =
		'export default {\n\tid: "a",\n\tgenerate: (text) => text + 1,\n};\n';
	const planted = withWork(source, "a-heavy", 1000);
	const address = `data:text/javascript,${encodeURIComponent(planted)}`;
	const { default: tier } = await import(address);
	assert.equal(tier.id, "a-heavy");
	assert.equal(tier.generate("1"), "11");
	assert.notEqual((await import(address)).sum, 1);
	assert.throws(
		() => withWork("export const x = 1;", "x", 1),
		/--planted needs a tier with generate/,
	);
});

const prove = (...args) =>
	spawnSync(process.execPath, ["bench/proof/main.js", ...args], {
		cwd: root,
		encoding: "utf8",
		timeout: 60_000,
	});

test("runs that are there are added up, and those of other options refused", () =>
	withDirectory(async (dir) => {
		const settings = {
			kind: "twin",
			tier: "addon@fast",
			planted: null,
			kitOptions,
		};
		writeFileSync(join(dir, "proof.json"), JSON.stringify(settings));
		for (const run of runs) {
			mkdirSync(join(dir, `00${run.n}`));
			writeFileSync(join(dir, `00${run.n}`, "run.json"), JSON.stringify(run));
		}
		const args = ["--kind", "twin", "--dir", dir, "--runs", "3"];
		const { status, stdout, stderr } = prove(...args, "--", ...kitOptions);
		assert.deepEqual([status, stderr], [0, ""]);
		assert.match(stdout, /^all +3 +1 +1 /m);
		const other = prove(...args, "--", "--rounds", "9");
		assert.equal(other.status, 1);
		assert.match(
			other.stderr,
			/holds runs with other options: .*"--rounds","6"/,
		);
	}));

test("wrong options are refused in a sentence", () => {
	for (const [args, sentence] of [
		[["--dir", "x"], /'--kind <name>' not specified/],
		[["--kind", "triplet", "--dir", "x"], /twin, compare, against/],
		[["--kind", "twin"], /'--dir <directory>' not specified/],
		[["--kind", "twin", "--dir", "x", "--planted", "0"], /above 0/],
		[["--kind", "twin", "--dir", "x", "--runs", "0"], /from 1 to 999/],
	]) {
		const { status, stderr } = prove(...args);
		assert.equal(status, 2, stderr);
		assert.match(stderr, sentence);
	}
});
