// qr-tiers, the command of the npm package, beside qrpng: the same invocations write the same bytes, sentences and files.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
	closeSync,
	existsSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { formatHelp } from "../../cli/help.js";
import { run } from "../../cli/node/run.js";
import { amountOf } from "../amount.js";
import { eventually } from "../contract/http.js";
import { createRandom } from "../random.js";
import {
	binaries,
	environment,
	freshDirectory,
	root,
	startBatch,
} from "./command.js";

const NODE = path.join(root, "cli/node/main.js");
const [NATIVE] = binaries;
const commands = [
	["qrpng", NATIVE],
	["qr-tiers", NODE],
];

/** The contents of all files below a folder, by name. */
const contentsOf = (folder) =>
	readdirSync(folder, {
		recursive: true,
		withFileTypes: true,
		encoding: "latin1", // Their names may be no UTF-8.
	})
		.filter((entry) => entry.isFile())
		.map((entry) => path.join(entry.parentPath, entry.name))
		.sort()
		.map((file) => [
			path.relative(folder, file),
			readFileSync(Buffer.from(file, "latin1")),
		]);

/** As if qr-tiers had the other name. */
const asNative = (text) => text.replaceAll("qr-tiers", "qrpng");

/** What one of them does in a folder of its own, prepared by files(). */
function resultOf(command, args, { input = "", files = () => {} } = {}) {
	const cwd = freshDirectory();
	files(cwd);
	const { status, signal, stdout, stderr } = spawnSync(command, args, {
		cwd,
		input,
		env: environment,
		timeout: 60_000,
	});
	return {
		status,
		signal,
		stdout,
		stderr: asNative(stderr.toString()),
		files: contentsOf(cwd),
	};
}

/** Runs both, and returns what they agree on. */
function compare(args, options) {
	const ours = resultOf(NODE, args, options);
	assert.deepEqual(ours, resultOf(NATIVE, args, options), args.join(" "));
	return ours;
}

const text = "https://example.com/";
const split = (line) => line.split(" ");

test("codes of all types are the same, byte for byte", () => {
	for (const args of [
		[],
		...["png", "SVG", "utf8", "ascii", "terminal", "ansi", "ANSIUTF8"].map(
			(type) => ["--type", type, "--inverse"],
		),
		split("-e Q -w 300 -q 2 -v 7 --mask 3 -8"),
		split("--lev=H --scale 3 --margin 1.5 --mask-rule ISO --dpi 300"),
		split("-tsvg --dark #1a237e --light fff0 --title <ü> --size 2"),
		split("--inverse --foreground 123 --background abcd --engine fast"),
		split("--small --symversion 5"),
	]) {
		const { status, stdout, stderr } = compare([...args, text]);
		assert.equal(stderr, "");
		assert.equal(status, 0);
		assert.ok(stdout.length > 100);
	}
});

test("texts come from where qrpng takes them", () => {
	const files = (folder) =>
		writeFileSync(path.join(folder, "in"), "a\0b\n\xff");
	for (const [args, input] of [
		[[], Buffer.from("raw\0 \xff", "latin1")],
		[["-r", "in"]],
		[["--read-from", "-"], "input"],
		[["--", "--help"]],
		[["-"]],
		[["ü€"]],
	])
		assert.equal(compare(args, { input, files }).status, 0);
});

test("files get what their names ask for", () => {
	for (const name of ["a.png", "a.svg", "A.TXT", "a", "a.b.1", "-"])
		assert.equal(compare(["-o", name, text]).status, 0);
	const files = (folder) => {
		writeFileSync(path.join(folder, "old.svg"), "old", { mode: 0o640 });
		symlinkSync("old.svg", path.join(folder, "link.png"));
		symlinkSync("/dev/stdout", path.join(folder, "out"));
	};
	compare(["-o", "link.png", text], { files });
	compare(["-o", "out", text], { files });
});

test("what is wrong is refused in the same words", async (t) => {
	const cwd = freshDirectory();
	mkdirSync(path.join(cwd, "folder"));
	const before = process.cwd();
	t.after(() => process.chdir(before));
	process.chdir(cwd);
	const input = openSync("/dev/null");
	t.after(() => closeSync(input));
	for (const line of [
		"--width 0 a",
		"--width=4097 a",
		"--scale -1 a",
		"--margin 33 a",
		"--margin=1. a",
		"--ecl X a",
		"--symversion 41 a",
		"--mask 8 a",
		"--mask-rule best a",
		"--engine none a",
		"--dpi 72.5 a",
		"--dark red a",
		"--light #12 a",
		"--threads 257 a",
		"--type jpg a",
		"-o a.jpg a",
		"--small -t png a",
		"--scale 4 --width 200 a",
		"--title \x01 a",
		"--colour red a",
		"--colour=red a",
		"-x a",
		"-8z a",
		"-d 3 a",
		"-8i a",
		"-l3 a",
		"-m",
		"--width",
		"-8w",
		"--wid",
		"--help=x",
		"-o",
		"hello world",
		"-r in text",
		"-r missing",
		"-r folder",
		"-o folder a",
		"-o folder/ a",
		"-o missing/a.png a",
		"-w 28 a",
		"--scale 142 a",
		"-v 1 --ecl H 123456789012345678",
		"--out-dir codes a",
		"--null a",
		"--batch in",
		"--batch missing --out-dir codes",
		"--batch folder --out-dir codes",
		"--batch /dev/null --out-dir codes --name=code",
		"--batch /dev/null --out-dir codes --name=a/{line}",
		"--batch /dev/null --out-dir codes --name={line}{x",
		"--batch /dev/null --out-dir codes --name={line}.gif",
		"--batch /dev/null --out-dir codes --ecl X",
		"--batch /dev/null --out-dir missing/codes",
		"--batch /dev/null --out-dir /dev/null",
	]) {
		// Without a process for each.
		const { exitCode, message } = await run(split(line)).catch(
			(error) => error,
		);
		const { status, stdout, stderr } = spawnSync(NATIVE, split(line), {
			stdio: [input, "pipe", "pipe"],
			encoding: "utf8",
		});
		assert.deepEqual(
			[status, stderr],
			[exitCode, `qrpng: ${asNative(message)}\n`],
		);
		assert.equal(stdout, "");
		assert.notEqual(status, 0);
	}
	assert.deepEqual(readdirSync(cwd), ["folder"]);
	assert.equal(compare(["--ecl", "X", "a"]).status, 2);
	assert.equal(compare(["-8-", "a"]).status, 2);
	assert.equal(compare([]).status, 3);
	assert.equal(compare([], { input: "x".repeat(8000) }).status, 3);
	assert.equal(compare([""], {}).status, 3);
});

test("standard output that fails", () => {
	for (const args of ["hello", "--help", "--version"]) {
		const [theirs, ours] = commands.map(([, command]) => {
			const line = `"$0" ${args} > /dev/full`;
			const { status, stderr } = spawnSync("sh", ["-c", line, command]);
			return { status, stderr: asNative(stderr.toString()) };
		});
		assert.equal(ours.status, 1);
		assert.deepEqual(ours, theirs);
	}
});

test("--version and --help", () => {
	const [theirs, ours] = commands.map(([, command]) =>
		["--version", "--help"].map((flag) =>
			spawnSync(command, [flag], { encoding: "utf8" }),
		),
	);
	assert.equal(asNative(ours[0].stdout), theirs[0].stdout);
	assert.equal(ours[1].stdout, formatHelp("qr-tiers", false));
	assert.equal(theirs[1].stdout, formatHelp("qrpng", true));
	assert.match(ours[1].stdout, /Refused: -d\s+\(--dpi or --dark\)/);
	assert.deepEqual(
		[...ours, ...theirs].map(({ status }) => status),
		[0, 0, 0, 0],
	);
});

test("an argument that is no UTF-8 is refused: Node has lost it", () => {
	const line = `"$0" "$(printf '\\377')"`;
	const { status, stderr } = spawnSync("sh", ["-c", line, NODE]);
	assert.match(
		stderr.toString(),
		/^qr-tiers: TEXT has bytes that are no UTF-8/,
	);
	assert.equal(status, 2);
});

test("on a terminal the code is drawn, if it fits", () => {
	const draw = (command, args, columns) => {
		const line = `stty cols ${columns} rows 24; '${command}' ${args}`;
		const { status, stdout } = spawnSync(
			"script",
			["-qec", line, "/dev/null"],
			{ env: environment, encoding: "utf8" },
		);
		return { status, screen: asNative(stdout) };
	};
	for (const [args, columns, status] of [
		[text, 80, 0],
		[text, 32, 3],
		[`-t ascii ${text}`, 65, 3],
		[`-t png -o - ${text}`, 80, 2],
		[`-t svg ${text}`, 80, 0],
	]) {
		const ours = draw(NODE, args, columns);
		assert.deepEqual(ours, draw(NATIVE, args, columns));
		assert.equal(ours.status, status);
	}
});

describe("--batch", () => {
	const lines = [
		"one",
		"",
		"two words\r",
		"../x",
		"ü\xff",
		"y".repeat(9000),
		"z".repeat(100_000),
		"last",
	];
	const files = (folder) => {
		writeFileSync(path.join(folder, "list"), lines.join("\n"), "latin1");
		mkdirSync(path.join(folder, "there/last.svg"), { recursive: true });
		writeFileSync(path.join(folder, "there/one.svg"), "another");
		writeFileSync(path.join(folder, "there/.qrpng-batch-3"), "half");
	};
	const batch = ["--batch", "list", "--threads", "1", "--out-dir"];

	test("makes the same files, and complaints", () => {
		for (const args of [
			["codes"],
			["codes", "--name={text}.svg", "-eH"],
			["there", "--name={text}.svg"],
			["codes", "--name=a{line}-{text}.{line}.txt", "--null"],
			["codes", "--type=utf8", "--8bit"],
			["codes", "--name={text}".padEnd(270, "n")],
		])
			assert.equal(compare([...batch, ...args], { files }).status, 3);
		const empty = (folder) => writeFileSync(path.join(folder, "list"), "");
		assert.equal(compare([...batch, "codes"], { files: empty }).status, 0);
	});

	test("of standard input, on several threads", () => {
		const input = Array.from({ length: 1000 }, (_, i) => `text ${i}\n`).join(
			"",
		);
		const args = ["--batch", "-", "--out-dir", "codes", "--threads", "3"];
		const { status, files: made } = compare(args, { input });
		assert.equal(status, 0);
		assert.equal(made.length, 1000);
	});

	test("a disk that is full ends it with one sentence", () => {
		const cwd = freshDirectory();
		writeFileSync(path.join(cwd, "list"), "a\n".repeat(300));
		const args = "--batch list --out-dir codes --threads 2";
		const line = `ulimit -f 0; exec "$0" ${args}`;
		const { status, stderr } = spawnSync("sh", ["-c", line, NODE], { cwd });
		assert.match(
			stderr.toString(),
			/^qr-tiers: line \d+: 000\d+\.png can't be written: File too large\.\n$/,
		);
		assert.equal(status, 1);
		assert.deepEqual(readdirSync(path.join(cwd, "codes")), []);
	});

	const whenWritten = (folder, count) =>
		eventually(`${count} files`, () => {
			if (!existsSync(folder)) return false;
			return readdirSync(folder).length >= count;
		});

	test("writes as texts come, keeps others out, and a signal ends it", async () => {
		const folder = path.join(freshDirectory(), "codes");
		const { child, exited } = startBatch(NODE, folder);
		child.stdin.write("a\nb\nhalf of");
		await whenWritten(folder, 2);
		const other = startBatch(NODE, folder);
		other.child.stdin.on("error", () => {}).end("c\n");
		assert.deepEqual(await other.exited, {
			status: 1,
			signal: null,
			stderr: `qr-tiers: ${folder} can't be used: another batch is writing there.\n`,
		});
		child.kill("SIGINT");
		assert.deepEqual(await exited, {
			status: null,
			signal: "SIGINT",
			stderr: "qr-tiers: Interrupted. Run it again for the rest.\n",
		});
		assert.deepEqual(readdirSync(folder).sort(), ["000001.png", "000002.png"]);
	});

	const random = createRandom(20_261_129);
	for (const [name, command] of commands)
		test(`${name}: killed at any point and run again gives the same folder`, async () => {
			const cwd = freshDirectory();
			const list = Array.from({ length: 600 }, (_, i) => `${text}${i}\n`);
			writeFileSync(path.join(cwd, "list"), list.join(""));
			const begin = (folder) => {
				const args = ["--batch", "list", "--out-dir", folder];
				return spawn(command, args, { cwd, stdio: "ignore" });
			};
			assert.deepEqual(await once(begin("whole"), "close"), [0, null]);
			const whole = contentsOf(path.join(cwd, "whole"));
			const byName = new Map(whole);
			assert.equal(whole.length, 600);
			const folder = path.join(cwd, "killed");
			for (let i = 0; i < amountOf(2, 20); i++) {
				const child = begin("killed");
				const closed = once(child, "close");
				const count = random(600);
				await whenWritten(folder, count);
				child.kill("SIGKILL");
				await closed;
				for (const [file, bytes] of contentsOf(folder))
					if (!file.startsWith(".qrpng-batch-"))
						assert.deepEqual(bytes, byName.get(file));
				assert.deepEqual(await once(begin("killed"), "close"), [0, null]);
				assert.deepEqual(contentsOf(folder), whole);
				rmSync(folder, { recursive: true });
			}
		});

	test("on a terminal it says how far it is", () => {
		const cwd = freshDirectory();
		writeFileSync(path.join(cwd, "list"), "a\n\nb\n");
		const line = `'${NODE}' --batch list --out-dir codes`;
		const { status, stdout } = spawnSync(
			"script",
			["-qec", line, "/dev/null"],
			{ cwd, env: environment, encoding: "utf8" },
		);
		assert.match(stdout, /qr-tiers: line 2: The text is empty/);
		assert.match(
			stdout,
			/2 codes written, 0 there already, in \d+ s\.\r\nqr-tiers: 1 of 3 texts have no code: see above\.\r\n$/,
		);
		assert.equal(status, 3);
	});
});
