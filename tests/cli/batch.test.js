// qrpng --batch: a file of each text, whatever the texts are and however often it is cut short.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
	createWriteStream,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { eventually } from "../contract/http.js";
import { sentences } from "../contract/refusals.js";
import {
	assertFails,
	assertText,
	binaries,
	commandOf,
	environment,
	freshDirectory,
	root,
	startBatch,
} from "./command.js";

const filesIn = (folder) => readdirSync(folder).sort();
const contentsOf = (folder) =>
	filesIn(folder).map((name) => [name, readFileSync(path.join(folder, name))]);

/** A list in a file, and a folder that is not there yet. */
function prepare(list) {
	const folder = freshDirectory();
	const file = path.join(folder, "list");
	writeFileSync(file, list);
	return { file, folder: path.join(folder, "codes") };
}

const linesUpTo = (count) =>
	Array.from({ length: count }, (_, i) => `https://example.com/${i + 1}\n`);

for (const binary of binaries)
	describe(path.relative(root, binary), () => {
		const { run, shell, draw } = commandOf(binary);

		/** Runs it over a list, which must succeed, and returns the folder. */
		function runBatch(list, args = [], options = {}) {
			const { file, folder } = prepare(list);
			const flags = ["--batch", file, "--out-dir", folder, ...args];
			assert.equal(draw(flags, options).length, 0);
			return folder;
		}

		const whenWritten = (folder, count) =>
			eventually(`${count} files`, () => {
				if (!existsSync(folder)) return false;
				const names = filesIn(folder).filter((name) => name[0] !== ".");
				return names.length === count;
			});

		test("each line becomes a file, the same as alone", async () => {
			const folder = runBatch("one\ntwo\r\nthree", ["--ecl", "Q"]);
			const texts = ["one", "two", "three"];
			assert.deepEqual(filesIn(folder), [
				"000001.png",
				"000002.png",
				"000003.png",
			]);
			for (const [i, text] of texts.entries()) {
				const png = readFileSync(path.join(folder, `00000${i + 1}.png`));
				assert.deepEqual(png, draw(["--ecl", "Q", text]));
				await assertText(png, text);
			}
		});

		test("an empty list becomes an empty folder", () => {
			assert.deepEqual(filesIn(runBatch("")), []);
		});

		test("more texts than one portion, with any number of threads", () => {
			const list = linesUpTo(500).join("");
			const [one, ...others] = ["1", "2", "7"].map((threads) =>
				contentsOf(runBatch(list, ["--threads", threads])),
			);
			assert.equal(one.length, 500);
			assert.deepEqual(one[499][1], draw(["https://example.com/500"]));
			for (const other of others) assert.deepEqual(other, one);
		});

		test("texts that end with NUL may hold newlines", async () => {
			const folder = runBatch("a\nb\r\n\0c\0", ["--null"]);
			assert.deepEqual(filesIn(folder), ["000001.png", "000002.png"]);
			const png = readFileSync(path.join(folder, "000001.png"));
			await assertText(png, "a\nb\r\n");
		});

		test("standard input, as it comes", async () => {
			const folder = path.join(freshDirectory(), "codes");
			const { child, exited } = startBatch(binary, folder);
			child.stdin.write("first\nsec");
			await whenWritten(folder, 1);
			child.stdin.end("ond\n");
			assert.deepEqual(await exited, { status: 0, signal: null, stderr: "" });
			const png = readFileSync(path.join(folder, "000002.png"));
			await assertText(png, "second");
		});

		test("--type and the end of --name decide on the type", () => {
			for (const [args, name, beginning] of [
				[["--type", "svg"], "000001.svg", "<svg"],
				[["--name", "code-{line}.svg"], "code-000001.svg", "<svg"],
				[["--type", "ascii", "--margin", "0"], "000001.txt", "##"],
				[["--name", "{line}.svg", "-t", "png"], "000001.svg", "\x89PNG"],
			]) {
				const folder = runBatch("text\n", args);
				assert.deepEqual(filesIn(folder), [name]);
				const bytes = readFileSync(path.join(folder, name), "latin1");
				assert.ok(bytes.startsWith(beginning));
			}
		});

		test("--8bit", () => {
			const folder = runBatch(`${"1".repeat(41)}\n`, ["--8bit"]);
			assert.deepEqual(
				readFileSync(path.join(folder, "000001.png")),
				draw(["--8bit", "1".repeat(41)]),
			);
		});

		describe("names of texts", () => {
			test("are theirs, without a way out of the folder", () => {
				const texts = ["SKU-1", "a/../b", "..", ".", ".hid", "x y%", "ü", "/"];
				const folder = runBatch(`${texts.join("\n")}\n`, ["--name={text}.png"]);
				assert.deepEqual(
					filesIn(folder),
					[
						"SKU-1.png",
						"a%2F..%2Fb.png",
						"%2E..png",
						"%2E.png",
						"%2Ehid.png",
						"x%20y%25.png",
						"ü.png",
						"%2F.png",
					].sort(),
				);
				const parts = runBatch("a\nb\n", ["--name={line}_{text}_{line}.svg"]);
				assert.deepEqual(filesIn(parts), [
					"000001_a_000001.svg",
					"000002_b_000002.svg",
				]);
			});

			test("that would be too long are refused, and others go on", () => {
				const { file, folder } = prepare(
					`${"a".repeat(251)}\n${"b".repeat(252)}\n${"/".repeat(84)}\nc\n`,
				);
				const name = "--name={text}.png";
				const result = run(["--batch", file, "--out-dir", folder, name]);
				assert.equal(
					result.stderr,
					"qrpng: line 2: The file's name would have 256 bytes: at most 255 are allowed.\n" +
						"qrpng: line 3: The file's name would have 256 bytes: at most 255 are allowed.\n" +
						"qrpng: 2 of 4 texts have no code: see above.\n",
				);
				assert.equal(result.status, 3);
				const names = [`${"a".repeat(251)}.png`, "c.png"];
				assert.deepEqual(filesIn(folder), names);
			});

			test("a pattern that can't give each file its own is refused", () => {
				for (const [pattern, sentence] of [
					["", /must have \{line\} or \{text\}/],
					["code.png", /must have \{line\} or \{text\}/],
					["a/{line}.png", /must not have a \//],
					["../{line}.png", /must not have a \//],
					["{line}-{hash}.png", /must have no \{ but/],
					["{line}.jpg", /No such image can be made as \{line\}\.jpg/],
				]) {
					const { file, folder } = prepare("a\n");
					const args = ["--batch", file, "--out-dir", folder];
					assertFails(run([...args, `--name=${pattern}`]), 2, sentence);
					assert.ok(!existsSync(folder));
				}
			});
		});

		test("texts that no code holds are named, and the others go on", () => {
			const { file, folder } = prepare(
				`good\n\n${"x".repeat(2954)}\n${"y".repeat(100_000)}\r\nlast\n\r\n`,
			);
			const args = ["--batch", file, "--out-dir", folder, "--threads", "1"];
			const { status, stderr } = run(args);
			const empty = sentences.empty;
			const tooLong = sentences.tooLong.L;
			assert.equal(
				stderr,
				`qrpng: line 2: ${empty}\nqrpng: line 3: ${tooLong}\nqrpng: line 4: ${tooLong}\n` +
					`qrpng: line 6: ${empty}\nqrpng: 4 of 6 texts have no code: see above.\n`,
			);
			assert.equal(status, 3);
			assert.deepEqual(filesIn(folder), ["000001.png", "000005.png"]);
			const nul = run([...args, "--null"], { input: "" });
			assert.match(nul.stderr, /^qrpng: text 1: /);
		});

		describe("again", () => {
			test("leaves what is right and replaces what is not", () => {
				const folder = runBatch("a\nb\nc\nd\n");
				const before = contentsOf(folder);
				const kept = path.join(folder, "000001.png");
				const { ino, mtimeNs } = statSync(kept, { bigint: true });
				const [cut, other] = ["000002.png", "000003.png"];
				writeFileSync(path.join(folder, cut), before[1][1].subarray(0, 90));
				writeFileSync(path.join(folder, other), before[0][1]);
				const list = path.join(path.dirname(folder), "list");
				draw(["--batch", list, "--out-dir", folder]);
				assert.deepEqual(contentsOf(folder), before);
				const after = statSync(kept, { bigint: true });
				assert.deepEqual([after.ino, after.mtimeNs], [ino, mtimeNs]);
			});

			test("after SIGKILL the folder is the same as without", async () => {
				const lines = linesUpTo(400);
				const folder = path.join(freshDirectory(), "codes");
				const { child, exited } = startBatch(binary, folder);
				child.stdin.write(lines.slice(0, 150).join(""));
				await whenWritten(folder, 150);
				child.kill("SIGKILL");
				assert.equal((await exited).signal, "SIGKILL");
				for (const thread of [0, 1, 255])
					writeFileSync(path.join(folder, `.qrpng-batch-${thread}`), "half");
				const input = lines.join("");
				draw(["--batch", "-", "--out-dir", folder], { input });
				assert.deepEqual(contentsOf(folder), contentsOf(runBatch(input)));
			});

			for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
				test(`after ${signal}, which leaves nothing half-done`, async () => {
					const folder = path.join(freshDirectory(), "codes");
					const { child, exited } = startBatch(binary, folder);
					child.stdin.write("a\nb\n");
					await whenWritten(folder, 2);
					child.kill(signal);
					assert.deepEqual(await exited, {
						status: null,
						signal,
						stderr: "qrpng: Interrupted. Run it again for the rest.\n",
					});
					assert.deepEqual(filesIn(folder), ["000001.png", "000002.png"]);
				});

			test("a signal that the caller ignores is ignored", async () => {
				const folder = path.join(freshDirectory(), "codes");
				const line = `trap '' HUP; exec "$0" --batch - --out-dir ${folder}`;
				const child = spawn("sh", ["-c", line, binary], { env: environment });
				const exited = once(child, "close");
				child.stdin.write("a\n");
				await whenWritten(folder, 1);
				child.kill("SIGHUP");
				child.stdin.end("b\n");
				assert.deepEqual(await exited, [0, null]);
				assert.deepEqual(filesIn(folder), ["000001.png", "000002.png"]);
			});
		});

		describe("what is in the way", () => {
			test("a symbolic link is replaced, not followed", async () => {
				const { file, folder } = prepare("a\n");
				const victim = path.join(path.dirname(folder), "victim");
				writeFileSync(victim, "before");
				mkdirSync(folder);
				symlinkSync(victim, path.join(folder, "000001.png"));
				draw(["--batch", file, "--out-dir", folder]);
				assert.equal(readFileSync(victim, "utf8"), "before");
				const png = readFileSync(path.join(folder, "000001.png"));
				await assertText(png, "a");
			});

			test("a folder is one text's fault", () => {
				const { file, folder } = prepare("a\nb\n");
				mkdirSync(path.join(folder, "000001.png"), { recursive: true });
				const { status, stderr } = run(["--batch", file, "--out-dir", folder]);
				assert.equal(
					stderr,
					"qrpng: line 1: 000001.png can't be written: Is a directory.\n" +
						"qrpng: 1 of 2 texts have no code: see above.\n",
				);
				assert.equal(status, 3);
				assert.deepEqual(filesIn(folder), ["000001.png", "000002.png"]);
			});

			test("another batch", async () => {
				const { file, folder } = prepare("a\n");
				const { child, exited } = startBatch(binary, folder);
				child.stdin.write("first\n");
				await whenWritten(folder, 1);
				assertFails(
					run(["--batch", file, "--out-dir", folder]),
					1,
					`${folder} can't be used: another batch is writing there.`,
				);
				child.stdin.end();
				assert.equal((await exited).status, 0);
				draw(["--batch", file, "--out-dir", folder]);
			});
		});

		test("a disk that is full ends it with one sentence", () => {
			const { file, folder } = prepare(linesUpTo(300).join(""));
			const args = `--batch ${file} --out-dir ${folder} --threads 2`;
			const result = shell(`ulimit -f 0; "$QRPNG" ${args}`);
			assertFails(
				result,
				1,
				/^qrpng: line \d+: 000\d+\.png can't be written: File too large\.$/m,
			);
			assert.deepEqual(filesIn(folder), []);
		});

		test("lists and folders that can't be used", () => {
			const { file, folder } = prepare("a\n");
			const inside = path.dirname(folder);
			const missing = path.join(inside, "missing");
			for (const [list, out, sentence] of [
				[
					missing,
					folder,
					`${missing} can't be read: No such file or directory.`,
				],
				[inside, folder, `${inside} can't be read: Is a directory.`],
				[file, file, `${file} can't be used: Not a directory.`],
				[
					file,
					`${missing}/codes`,
					`${missing}/codes can't be used: No such file or directory.`,
				],
			])
				assertFails(run(["--batch", list, "--out-dir", out]), 1, sentence);
			const closed = shell(`"$QRPNG" --batch - --out-dir ${folder} <&-`);
			assertFails(closed, 1, /^qrpng: Standard input can't be read: /);
		});

		test("options that don't fit each other", () => {
			const { file, folder } = prepare("a\n");
			const batch = ["--batch", file, "--out-dir", folder];
			const together =
				"--batch goes without TEXT, --read-from, --output and --pipe.";
			const alone = "--out-dir, --name, --null and --threads are for --batch.";
			for (const [args, sentence] of [
				[[...batch, "text"], together],
				[[...batch, "-o", "a.png"], together],
				[[...batch, "-r", "a"], together],
				[[...batch, "--pipe"], together],
				[
					["--batch", file],
					"--batch needs --out-dir, the folder for its files.",
				],
				[["--out-dir", folder, "text"], alone],
				[["--name", "{line}", "text"], alone],
				[["--null", "text"], alone],
				[["--threads", "2", "text"], alone],
				[[...batch, "--width", "0"], /--width must be /],
				...["0", "257", "", "x"].map((threads) => [
					[...batch, "--threads", threads],
					"--threads must be a whole number from 1 to 256.",
				]),
			])
				assertFails(run(args), 2, sentence);
			assert.ok(!existsSync(folder));
		});

		test("on a terminal it says how far it is", async () => {
			const inside = freshDirectory();
			const [fifo, folder] = ["fifo", "codes"].map((name) =>
				path.join(inside, name),
			);
			execFileSync("mkfifo", [fifo]);
			const command = `'${binary}' --batch ${fifo} --out-dir ${folder}`;
			const terminal = spawn("script", ["-qec", command, "/dev/null"], {
				env: environment,
			});
			const exited = once(terminal, "close");
			let screen = "";
			terminal.stdout.on("data", (chunk) => {
				screen += chunk;
			});
			const list = createWriteStream(fifo);
			list.write("a\n\n");
			await eventually("a line of progress", () =>
				/\r2 codes {2}\d+\/s/.test(screen),
			);
			list.end("b\n");
			assert.equal((await exited)[0], 3);
			assert.match(screen, /qrpng: line 2: The text is empty/);
			assert.match(
				screen,
				/2 codes written, 0 there already, in \d+ s\.\r\nqrpng: 1 of 3 texts have no code: see above\.\r\n$/,
			);
		});
	});
