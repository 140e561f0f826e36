import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { hasColours } from "../../../bench/report/colours.js";
import { withDirectory } from "../helpers.js";
import { makeUsualResults } from "../sample-results.js";

const main = fileURLToPath(new URL("../../../bench/main.js", import.meta.url));

test("terminals have colours unless they or the user say otherwise", () => {
	const rows = [
		[{ isTTY: true }, {}, [], true],
		[{}, {}, [], false],
		[{ isTTY: true }, { NO_COLOR: "1" }, [], false],
		[{ isTTY: true }, { NO_COLOR: "" }, [], true],
		[{ isTTY: true }, { TERM: "dumb" }, [], false],
		[{ isTTY: true }, { FORCE_COLOR: "0" }, [], false],
		[{}, { FORCE_COLOR: "1" }, [], true],
		[{}, { FORCE_COLOR: "1", NO_COLOR: "1" }, [], true],
		[{ isTTY: true }, { FORCE_COLOR: "1" }, ["--no-color"], false],
	];
	for (const [stream, environment, args, expected] of rows)
		assert.equal(
			hasColours(stream, environment, args),
			expected,
			JSON.stringify([stream, environment, args]),
		);
});

test("a report in a pipe is coloured if that is forced, and never with --no-color", () =>
	withDirectory((directory) => {
		const results = JSON.stringify(makeUsualResults());
		writeFileSync(join(directory, "results.json"), results);
		const { FORCE_COLOR, NO_COLOR, ...others } = process.env;
		const report = (env, ...args) => {
			const { stdout, stderr, status } = spawnSync(
				process.execPath,
				[main, "report", directory, ...args],
				{ env: { ...others, ...env }, encoding: "utf8" },
			);
			assert.equal(status, 0, stderr);
			assert.match(stdout, /addon: 36 ± 4 times/);
			return stdout.includes("\x1b[");
		};
		assert.equal(report({}), false);
		assert.equal(report({ FORCE_COLOR: "1" }), true);
		assert.equal(report({ FORCE_COLOR: "1" }, "--no-color"), false);
	}));
