// npm run bench -- chart DIRECTORY and report DIRECTORY, as commands.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { Resvg } from "@resvg/resvg-js";
import { withDirectory } from "../helpers.js";
import {
	hasControls,
	hostileTexts,
	makeHostileResults,
	makeUsualResults,
} from "../sample-results.js";

const main = fileURLToPath(new URL("../../../bench/main.js", import.meta.url));

function runKit(...args) {
	const options = { encoding: "utf8" };
	return spawnSync(process.execPath, [main, ...args], options);
}

function writeResults(directory, results) {
	writeFileSync(join(directory, "results.json"), JSON.stringify(results));
}

/** Width and height of a PNG. */
function sizeOf(png) {
	assert.equal(png.toString("latin1", 0, 8), "\x89PNG\r\n\x1a\n");
	return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

/** How long a PNG of that SVG is if no font is found for its texts. */
function sizeWithoutTexts(svg) {
	const shapes = `${svg}`.replace(/<text.*?<\/text>/gs, "");
	const scale = { mode: "zoom", value: 2 };
	return new Resvg(shapes, { fitTo: scale }).render().asPng().length;
}

test("chart writes each chart as light and dark SVG and as PNG", () =>
	withDirectory((directory) => {
		writeResults(directory, makeUsualResults());
		const { status, stdout, stderr } = runKit("chart", directory);
		assert.equal(status, 0, stderr);
		assert.match(stderr, /^No chart "Saturation": .*--connections/m);
		const names = readdirSync(join(directory, "charts"));
		assert.equal(names.length, 3 * 10);
		assert.deepEqual(
			stdout.trim().split("\n").sort(),
			names.map((name) => join(directory, "charts", name)).sort(),
		);
		const read = (name) => readFileSync(join(directory, "charts", name));
		for (const name of names.filter((name) => name.endsWith(".svg"))) {
			const svg = read(name).toString();
			assert.match(svg, /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" /);
			assert.doesNotMatch(svg, /var\(/);
		}
		const { width, height } = new Resvg(read("throughput.svg").toString());
		const [pngWidth, pngHeight] = sizeOf(read("throughput.png"));
		assert.ok(Math.abs(pngWidth - 2 * width) < 2);
		assert.ok(Math.abs(pngHeight - 2 * height) < 2);
		assert.ok(
			read("bytes.png").length > 1.3 * sizeWithoutTexts(read("bytes.svg")),
		);
		assert.notDeepEqual(read("throughput.svg"), read("throughput-dark.svg"));
	}));

test("report makes report.html again, and hostile texts reach no terminal", () =>
	withDirectory((directory) => {
		writeResults(directory, makeHostileResults(hostileTexts.join(" ")));
		const { status, stdout, stderr } = runKit("report", directory);
		assert.equal(status, 0, stderr);
		assert.ok(!hasControls(stdout + stderr));
		for (const name of ["report.html", "report.md"])
			assert.ok(existsSync(join(directory, name)), name);
	}));

test("what is no run is one sentence and exit code 2", () =>
	withDirectory((directory) => {
		writeFileSync(join(directory, "results.json"), '{"schemaVersion":');
		const rows = [
			[["chart"], /missing required argument 'directory'/],
			[["chart", "/nonexistent"], /^error: \/nonexistent cannot be read: /],
			[["chart", directory], /results\.json cannot be read: /],
			[["report", directory], /results\.json cannot be read: /],
			[["chart", directory, "more"], /too many arguments/],
		];
		for (const [args, sentence] of rows) {
			const { status, stdout, stderr } = runKit(...args);
			assert.equal(status, 2, `${args}: ${stderr}`);
			assert.match(stderr, sentence);
			assert.equal(stdout, "");
		}
		assert.ok(!existsSync(join(directory, "charts")));
	}));
