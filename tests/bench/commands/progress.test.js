import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Writable } from "node:stream";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { createProgress } from "../../../bench/commands/progress.js";
import { quoteForShell } from "../../../bench/commands/shell.js";
import { drawStandings } from "../../../bench/report/standings.js";
import { eventually } from "../../contract/http.js";
import { makeRow, withDirectory } from "../helpers.js";
import { hostileTexts } from "../sample-results.js";

const main = fileURLToPath(new URL("../../../bench/main.js", import.meta.url));

const esc = "\x1b";

class Stream extends Writable {
	said = "";

	constructor(properties = {}) {
		super();
		Object.assign(this, properties);
	}

	_write(chunk, _encoding, done) {
		this.said += chunk;
		done();
	}

	/** What was written since, line by line, without what steers a terminal. */
	take() {
		const { said } = this;
		this.said = "";
		return stripVTControlCharacters(said).replaceAll("\r", "").split("\n");
	}

	resize(columns, rows) {
		Object.assign(this, { columns, rows });
		this.emit("resize");
	}
}

const terminal = (columns, rows) => new Stream({ isTTY: true, columns, rows });

/** Rows with one round each, the later the faster. */
function makeStandings(ids) {
	return {
		measurements: ids.map((id, i) => {
			const imagesPerSecond = 100 * (i + 1);
			const sample = { round: 1, imagesPerSecond, cpuMicrosPerImage: 1 };
			return { row: makeRow({ id }), samples: [sample] };
		}),
	};
}

function startOn(stream, ids, term = "xterm") {
	const results = makeStandings(ids);
	const progress = createProgress(
		stream,
		{ round: 10 },
		{
			drawStandings: (space) => drawStandings(results, space),
			colours: false,
			term,
		},
	);
	progress.expect("round", 4);
	return progress;
}

test("a terminal shows what runs, how far it is, the time left and who is ahead", () => {
	const stream = terminal(80, 24);
	const progress = startOn(stream, ["js", "addon", "server"]);
	progress.begin("round", "round 1: addon");
	const lines = stream.take();
	assert.equal(lines[0], "round 1: addon");
	assert.match(lines[1], / 0 % · 40 s left$/);
	const ranking = lines.slice(3, 6).map((line) => line.split(/ +/));
	assert.deepEqual(
		ranking.map(([name, rate, , ratio]) => [name, rate, ratio]),
		[
			["server", "300/s", "3.00x"],
			["addon", "200/s", "2.00x"],
			["js", "100/s", "1.00x"],
		],
	);
	progress.note("a note");
	const [note, again] = stream.take();
	assert.deepEqual([note, again], ["a note", "round 1: addon"]);
	progress.close();
	assert.ok(stream.said.includes(`${esc}[2K`));
	assert.deepEqual(stream.take().join("").trim(), "");
});

test("no line is broken by a narrow terminal, and no more lines are drawn than it has", () => {
	const stream = terminal(100, 30);
	const ids = Array.from({ length: 40 }, (_, i) => `a-rather-long-name-${i}`);
	const progress = startOn(stream, ids);
	progress.begin("round", `round 1: ${"name ".repeat(50)}`);
	for (const [columns, rows] of [
		[100, 30],
		[30, 10],
		[20, 5],
		[12, 3],
		[200, 60],
	]) {
		stream.take();
		stream.resize(columns, rows);
		const lines = stream.take();
		assert.ok(lines.length <= rows, `${lines.length} of ${rows}`);
		for (const line of lines)
			assert.ok(line.length < columns, `${columns}: ${line}`);
		if (rows === 10 || rows === 30)
			assert.match(lines.join("\n"), /… and \d+ more/);
		assert.ok(lines.includes("") && lines.at(-1) === "");
	}
	progress.close();
});

test("a stream that is no terminal gets plain lines, and so does a dumb one", () => {
	for (const [stream, term] of [
		[new Stream(), "xterm"],
		[terminal(80, 24), "dumb"],
	]) {
		const progress = startOn(stream, ["js"], term);
		progress.begin("round", "round 1: js");
		progress.milestone("round 1 of 4");
		progress.note("a note");
		progress.end();
		progress.close();
		assert.equal(stream.said, "round 1 of 4 · 40 s left\na note\n");
	}
});

const ownSequences = new RegExp(`${esc}\\[(\\?2026[hl]|\\d*[AGK])`, "g");

test("what a tier is called or says can't steer the terminal", () => {
	for (const text of hostileTexts) {
		for (const stream of [terminal(500, 24), new Stream()]) {
			const progress = startOn(stream, [text]);
			progress.begin("round", text);
			progress.note(text);
			progress.close();
			// What log-update and the block itself write.
			const rest = stream.said.replace(ownSequences, "");
			assert.doesNotMatch(rest, /[^\P{C}\n\r]/u, JSON.stringify(text));
		}
	}
});

test("Ctrl-C on a terminal removes the block and gives the cursor back", () =>
	withDirectory(async (directory) => {
		const args = [
			main,
			"--tiers",
			"constant",
			"--duration",
			"0.3",
			"--connections",
			"4",
			"--rounds",
			"50",
			"--out",
			directory,
		];
		const command = `stty cols 90 rows 30; exec ${quoteForShell([process.execPath, ...args])}`;
		const { NO_COLOR, FORCE_COLOR, ...env } = process.env;
		const child = spawn("script", ["-qefc", command, "/dev/null"], {
			env: { ...env, TERM: "xterm-256color" },
		});
		let said = "";
		child.stdout.setEncoding("utf8").on("data", (text) => {
			said += text;
		});
		await eventually("a round", () => /round 2: constant/.test(said));
		child.stdin.write("\x03");
		const [code] = await once(child, "close");
		assert.equal(code, 130, said);
		assert.match(said, /constant 4 connections +[\d,]+\/s .*█/);
		assert.ok(said.includes(`${esc}[36m`), "in colours");
		const [hide, show] = [`${esc}[?25l`, `${esc}[?25h`];
		const shown = said.indexOf(show, said.lastIndexOf(hide));
		assert.ok(said.includes(hide) && shown !== -1, said);
		assert.match(said.slice(shown), /The run was interrupted/);
		assert.match(stripVTControlCharacters(said), /requests\/\.\r\n$/);
	}));
