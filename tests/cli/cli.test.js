// The command: flags, input and output as bytes, exit codes and sentences.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
	chmodSync,
	existsSync,
	linkSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { decodeQrCode } from "../../bench/subjects/decode.js";
import { readPng, readPngSize } from "../../bench/subjects/png.js";
import { capacityOf } from "../capacity.js";
import { sentences } from "../contract/refusals.js";
import { measureSymbol } from "../symbol.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const environment = {
	...process.env,
	ASAN_OPTIONS: "detect_leaks=1:exitcode=99",
	UBSAN_OPTIONS: "print_stacktrace=1:halt_on_error=1",
};

/** The build with sanitizers says on standard error what it finds, so that all of these tests look for it. */
const binaries = [`${root}build/Release/qrpng`];
const sanitized = `${root}build/Sanitize/qrpng`;
if (existsSync(sanitized)) binaries.push(sanitized);

const directory = mkdtempSync(path.join(tmpdir(), "qrpng-cli-"));
after(() => rmSync(directory, { recursive: true, force: true }));

let directories = 0;
function freshDirectory() {
	const fresh = path.join(directory, String(directories++));
	mkdirSync(fresh);
	return fresh;
}

for (const binary of binaries)
	describe(path.relative(root, binary), () => {
		function run(args, { input = "", ...options } = {}) {
			const { status, signal, stdout, stderr, error } = spawnSync(
				binary,
				args,
				{ input, env: environment, timeout: 20_000, ...options },
			);
			assert.ifError(error);
			assert.equal(signal, null);
			return { status, stdout, stderr: stderr?.toString() };
		}

		/** Runs a line of shell in which $QRPNG is the command. */
		function shell(line, options) {
			const { status, stdout, stderr } = spawnSync("sh", ["-c", line], {
				env: { ...environment, QRPNG: binary },
				timeout: 20_000,
				...options,
			});
			return { status, stdout, stderr: stderr.toString() };
		}

		function draw(args, options) {
			const { status, stdout, stderr } = run(args, options);
			assert.equal(stderr, "");
			assert.equal(status, 0);
			return stdout;
		}

		function assertFails(result, status, sentence) {
			assert.match(result.stderr, /^qrpng: [^\n]+\n$/);
			if (sentence instanceof RegExp) assert.match(result.stderr, sentence);
			else if (sentence) assert.equal(result.stderr, `qrpng: ${sentence}\n`);
			assert.equal(result.status, status);
			assert.equal(result.stdout?.length ?? 0, 0);
		}

		async function assertText(png, text) {
			const { bytes } = await decodeQrCode(png);
			assert.deepEqual(bytes, Buffer.from(text));
		}

		describe("options", () => {
			test("the defaults are level L, 200 px and a margin of 4", async () => {
				const png = draw(["hello"]);
				const all = ["--ecl", "L", "--width", "200", "--margin", "4"];
				assert.deepEqual(draw([...all, "hello"]), png);
				assert.deepEqual(readPngSize(png), { width: 200, height: 200 });
				const { level, bytes } = await decodeQrCode(png);
				assert.equal(level, "L");
				assert.equal(bytes.toString(), "hello");
			});

			test("--ecl", async () => {
				for (const level of ["L", "M", "Q", "H"]) {
					const decoded = await decodeQrCode(draw(["--ecl", level, "hello"]));
					assert.equal(decoded.level, level);
				}
			});

			test("--width is exact, --margin in modules", () => {
				for (const [width, margin] of [
					[21, 0],
					[29, 4],
					[100, 0],
					[333, 7],
					[1025, 32],
					[4096, 4],
				]) {
					const flags = ["--width", `${width}`, "--margin", `${margin}`];
					const image = readPng(draw([...flags, "HELLO"]));
					assert.deepEqual([image.width, image.height], [width, width]);
					const { left, top, scale, side } = measureSymbol(image);
					assert.equal(side, 21);
					assert.equal(scale, Math.floor(width / (21 + 2 * margin)));
					const offset = Math.floor((width - 21 * scale) / 2);
					assert.deepEqual([left, top], [offset, offset]);
				}
			});

			test("--scale sets the module and the width follows", () => {
				for (const [scale, margin] of [
					[1, 4],
					[4, 0],
					[7, 2],
					[141, 4],
				]) {
					const flags = ["--scale", `${scale}`, "--margin", `${margin}`];
					const image = readPng(draw([...flags, "HELLO"]));
					assert.equal(image.width, scale * (21 + 2 * margin));
					const symbol = measureSymbol(image);
					assert.equal(symbol.scale, scale);
					assert.equal(symbol.left, scale * margin);
				}
			});

			test("short options, and a value after an equals sign", () => {
				const expected = draw("--ecl Q --width 300 --margin 2 hi".split(" "));
				for (const line of [
					"-e Q -w 300 -m 2 hi",
					"-eQ -w300 -m2 hi",
					"--ecl=Q --width=300 --margin=2 hi",
					"hi --margin=2 --width 300 -e Q",
				])
					assert.deepEqual(draw(line.split(" ")), expected);
			});

			test("--engine takes every name that --version lists", () => {
				const versions = draw(["--version"]).toString();
				assert.match(versions, /^qrpng \d+\.\d+\.\d+/);
				const engines = [...versions.matchAll(/^engine ([^:\s]+): .+$/gm)];
				assert.ok(engines.length > 0);
				const byDefault = draw(["hello"]);
				for (const [i, [, name]] of engines.entries()) {
					const png = draw(["--engine", name, "hello"]);
					assert.deepEqual(readPng(png).dark, readPng(byDefault).dark);
					if (i === 0) assert.deepEqual(png, byDefault);
				}
			});

			test("--help names every option and exit code", () => {
				const help = draw(["--help"]).toString();
				for (const option of ["ecl", "width", "scale", "margin", "engine"])
					assert.match(help, new RegExp(`--${option} `));
				assert.match(help, /-o\b/);
				for (const code of [0, 1, 2, 3])
					assert.match(help, new RegExp(`^ *${code} `, "m"));
				assert.deepEqual(draw(["-h"]).toString(), help);
				for (const line of help.split("\n"))
					assert.ok(line.length <= 120, "a line of more than 120 columns");
			});

			test("after -- everything is text", async () => {
				for (const text of ["--help", "-", "--", "-o", "--width=1"])
					await assertText(draw(["--", text]), text);
				await assertText(draw(["-"]), "-");
			});
		});

		describe("wrong options", () => {
			const width = "width must be a whole number from 1 to 4096.";
			const scale = "scale must be a whole number from 1 to 4096.";
			const notNumbers = ["", "-1", "+1", "1e3", "0x10", "1.0", " 1", "1 "];
			notNumbers.push("ten", "1px", "4294967297", "99999999999999999999");

			test("numbers", () => {
				const cases = [
					...[...notNumbers, "0", "4097"].map((n) => ["--width", n, width]),
					...[...notNumbers, "0", "4097"].map((n) => ["--scale", n, scale]),
					...[...notNumbers, "33"].map((n) => [
						"--margin",
						n,
						sentences.margin,
					]),
				];
				for (const [flag, value, sentence] of cases)
					assertFails(run([`${flag}=${value}`, "hello"]), 2, sentence);
			});

			test("levels", () => {
				for (const level of ["", "l", "X", "LL", "low"])
					assertFails(run(["--ecl", level, "hello"]), 2, sentences.ecl);
			});

			test("an engine that does not exist", () => {
				for (const engine of ["", "none", "Reference"])
					assertFails(run(["--engine", engine, "hello"]), 2, /engine must be/);
			});

			test("--scale with --width", () => {
				const sentence = /Give either a width or a scale/;
				const flags = ["--scale", "4", "--width", "200"];
				assertFails(run([...flags, "hello"]), 2, sentence);
				assertFails(run(["--width=200", "hello", "--scale=4"]), 2, sentence);
			});

			test("an unknown option, a missing value, two texts", () => {
				for (const args of [
					["--colour", "red", "hello"],
					["-x", "hello"],
					["--width"],
					["-o"],
					["hello", "world"],
					["--help=x"],
				])
					assertFails(run(args), 2);
			});

			test("are judged before standard input is read", async () => {
				const child = spawn(binary, ["--ecl", "X"], { env: environment });
				const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
				const [status] = await once(child, "close");
				clearTimeout(timer);
				assert.equal(status, 2);
			});
		});

		describe("texts", () => {
			const texts = [
				["NUL bytes", "a\0b\0"],
				["a NUL alone", "\0"],
				["a newline at the end", "hello\n"],
				["nothing but a newline", "\n"],
				["CR LF", "a\r\nb\r\n"],
				["bytes that are not UTF-8", Buffer.from("80fffec0aff8", "hex")],
				["UTF-8", "ünï \u{1F600} 漢字"],
				["a byte order mark", "\uFEFFhello"],
				["ctrl-Z and ctrl-D", "a\x1ab\x04c"],
			];
			for (const [what, text] of texts)
				test(`standard input as it is: ${what}`, async () => {
					const input = Buffer.from(text);
					await assertText(draw([], { input }), input);
				});

			test("standard input that comes in pieces", async () => {
				const line = "(printf a; sleep 0.1; printf b; sleep 0.1) | $QRPNG";
				const { stdout } = shell(line);
				await assertText(stdout, "ab");
			});

			test("an argument is taken as it is", async () => {
				const arg = "$(printf '\\377\\200x')";
				const { stdout, stderr } = shell(`"$QRPNG" "${arg}"`);
				assert.equal(stderr, "");
				await assertText(stdout, Buffer.from("ff8078", "hex"));
				await assertText(draw(["ünï\u{1F600}"]), "ünï\u{1F600}");
			});

			test("with TEXT, standard input is left alone", async () => {
				const { stdout } = shell(
					'printf rest | ("$QRPNG" hello > /dev/null; cat)',
				);
				assert.equal(stdout.toString(), "rest");
			});

			test("empty", () => {
				assertFails(run([], { input: "" }), 3, sentences.empty);
				assertFails(run([""]), 3, sentences.empty);
			});

			test("the fullest and one more", async () => {
				for (const level of ["L", "M", "Q", "H"]) {
					const fullest = "a".repeat(capacityOf(40, level, "byte"));
					const args = ["--ecl", level, "--scale", "2"];
					await assertText(draw(args, { input: fullest }), fullest);
					const more = run(args, { input: `${fullest}a` });
					assertFails(more, 3, sentences.tooLong[level]);
				}
				assertFails(
					run([], { input: "1".repeat(7090) }),
					3,
					sentences.tooLong.L,
				);
			});

			test("far too much", () => {
				const input = Buffer.alloc(3_000_000, "a");
				const file = path.join(freshDirectory(), "input");
				writeFileSync(file, input);
				assertFails(shell(`"$QRPNG" < ${file}`), 3, sentences.tooLong.L);
				const endless = shell('"$QRPNG" < /dev/zero');
				assertFails(endless, 3, sentences.tooLong.L);
				const endlessDigits = shell('yes 1 | tr -d "\\n" | "$QRPNG"');
				assertFails(endlessDigits, 3, sentences.tooLong.L);
			});

			test("that do not fit the width or the scale", () => {
				const tooSmall = sentences.tooSmall(28, 29);
				assertFails(run(["--width", "28", "a"]), 3, tooSmall);
				const sentence = /A scale of 142 px is too large .* is 141 px\.$/m;
				assertFails(run(["--scale", "142", "a"]), 3, sentence);
			});
		});

		describe("standard input that fails", () => {
			test("closed", () => {
				assertFails(shell('"$QRPNG" <&-'), 1, "Standard input can't be read.");
			});

			test("a directory", () => {
				assertFails(shell('"$QRPNG" < /'), 1, "Standard input can't be read.");
			});
		});

		describe("standard output that fails", () => {
			const sentence = /^qrpng: Standard output can't be written: .+\.$/m;

			test("a full disk", () => {
				assertFails(shell('"$QRPNG" hello > /dev/full'), 1, sentence);
			});

			test("closed", () => {
				assertFails(shell('"$QRPNG" hello >&-'), 1, sentence);
			});

			test("a reader that is gone", async () => {
				const child = spawn(binary, [], { env: environment });
				const exited = once(child, "close");
				let stderr = "";
				child.stderr.on("data", (chunk) => {
					stderr += chunk;
				});
				// Only once this end is closed the child learns what to write.
				child.stdout.destroy();
				await once(child.stdout, "close");
				child.stdin.end("hello");
				const [status, signal] = await exited;
				assert.equal(signal, null);
				assertFails({ status, stderr }, 1, sentence);
			});

			test("a terminal", () => {
				const inTerminal = (command) =>
					spawnSync("script", ["-qec", command, "/dev/null"], {
						env: environment,
						input: "",
						timeout: 20_000,
					});
				const refused = inTerminal(`${binary} hello`);
				assert.equal(refused.status, 2);
				assert.match(
					refused.stdout.toString(),
					/^qrpng: [^\n]*terminal[^\n]*\r\n$/,
				);
				const file = path.join(freshDirectory(), "code.png");
				const written = inTerminal(`${binary} -o ${file} hello`);
				assert.equal(written.stdout.toString(), "");
				assert.equal(written.status, 0);
				readPng(readFileSync(file));
			});

			test("--help and --version on a full disk", () => {
				for (const flag of ["--help", "--version"])
					assertFails(shell(`"$QRPNG" ${flag} > /dev/full`), 1, sentence);
			});
		});

		describe("-o", () => {
			const filesIn = (folder) => readdirSync(folder).sort();

			test("writes the same bytes, and nothing to standard output", () => {
				const folder = freshDirectory();
				const file = path.join(folder, "code.png");
				for (const flag of ["-o", "--output"]) {
					assert.equal(draw([flag, file, "hello"]).length, 0);
					assert.deepEqual(readFileSync(file), draw(["hello"]));
				}
				assert.deepEqual(filesIn(folder), ["code.png"]);
			});

			test("a relative name, and one that starts with a dash", () => {
				const cwd = freshDirectory();
				draw(["-o", "a.png", "hello"], { cwd });
				draw(["--output=-b.png", "hello"], { cwd });
				assert.deepEqual(filesIn(cwd), ["-b.png", "a.png"]);
			});

			test("permissions follow the umask, or those of the file before", () => {
				const folder = freshDirectory();
				for (const [umask, mode] of [
					["022", 0o644],
					["077", 0o600],
					["000", 0o666],
				]) {
					shell(`umask ${umask}; "$QRPNG" -o ${folder}/${umask} hello`);
					const { mode: actual } = statSync(`${folder}/${umask}`);
					assert.equal(actual & 0o7777, mode);
				}
				const file = `${folder}/022`;
				chmodSync(file, 0o640);
				draw(["-o", file, "again"]);
				assert.equal(statSync(file).mode & 0o7777, 0o640);
			});

			test("the file before is replaced, not written into", () => {
				const folder = freshDirectory();
				const [file, other] = ["code.png", "other"].map((name) =>
					path.join(folder, name),
				);
				writeFileSync(file, "before");
				linkSync(file, other);
				draw(["-o", file, "hello"]);
				assert.equal(readFileSync(other, "utf8"), "before");
				readPng(readFileSync(file));
			});

			test("a symbolic link stays one", async () => {
				const folder = freshDirectory();
				const [link, target] = ["link", "target"].map((name) =>
					path.join(folder, name),
				);
				writeFileSync(target, "before");
				symlinkSync("target", link);
				draw(["-o", link, "hello"]);
				assert.ok(lstatSync(link).isSymbolicLink());
				await assertText(readFileSync(target), "hello");
				assert.deepEqual(filesIn(folder), ["link", "target"]);
			});

			test("a failure leaves the file as it was and nothing beside it", () => {
				const folder = freshDirectory();
				const file = path.join(folder, "code.png");
				writeFileSync(file, "before");
				const tooLong = { input: "a".repeat(3000) };
				assertFails(run(["-o", file], tooLong), 3, sentences.tooLong.L);
				assertFails(run(["-o", file, "--ecl", "X", "a"]), 2, sentences.ecl);
				// A limit on the size of files stands in for a full disk.
				const text = path.join(folder, "text");
				writeFileSync(text, "large".repeat(500));
				const full = shell(
					`trap "" XFSZ; ulimit -f 1; "$QRPNG" -w 1024 -o ${file} < ${text}`,
				);
				assertFails(full, 1, /code\.png can't be written: .+\.$/m);
				assert.equal(readFileSync(file, "utf8"), "before");
				assert.deepEqual(filesIn(folder), ["code.png", "text"]);
			});

			test("a folder that is missing, or a folder as the file", () => {
				const folder = freshDirectory();
				const missing = path.join(folder, "missing", "code.png");
				const sentence = /missing\/code\.png can't be written: No such file/;
				assertFails(run(["-o", missing, "hello"]), 1, sentence);
				assertFails(run(["-o", folder, "hello"]), 1, /can't be written: /);
				assertFails(run(["-o", "", "hello"]), 1, /can't be written: /);
				assert.deepEqual(filesIn(folder), []);
			});

			test("a device is written to, not replaced", () => {
				draw(["-o", "/dev/null", "hello"]);
				assert.ok(statSync("/dev/null").isCharacterDevice());
				const full = run(["-o", "/dev/full", "hello"]);
				assertFails(full, 1, /\/dev\/full can't be written: .+\.$/m);
				const { stdout } = shell('"$QRPNG" -o /dev/stdout hello | cat');
				assert.deepEqual(stdout, draw(["hello"]));
			});
		});
	});
