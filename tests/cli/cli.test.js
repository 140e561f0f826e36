// The command: flags, input and output as bytes, exit codes and sentences.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { decodeQrCode } from "../../bench/subjects/decode.js";
import { readPng, readPngSize } from "../../bench/subjects/png.js";
import { groups } from "../../cli/options.js";
import { capacityOf } from "../capacity.js";
import { eventually } from "../contract/http.js";
import { sentences } from "../contract/refusals.js";
import { measureSymbol } from "../symbol.js";
import {
	assertFails,
	assertText,
	binaries,
	commandOf,
	environment,
	freshDirectory,
	root,
} from "./command.js";

for (const binary of binaries)
	describe(path.relative(root, binary), () => {
		const { run, shell, draw } = commandOf(binary);

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
					"-e Q -w 300 -q 2 hi",
					"-eQ -w300 -q2 hi",
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
				for (const { name } of groups.flatMap(({ options }) => options))
					assert.match(help, new RegExp(`--${name} `));
				for (const code of [0, 1, 2, 3])
					assert.match(help, new RegExp(`^ *${code} `, "m"));
				assert.deepEqual(draw(["-h"]).toString(), help);
				for (const line of help.split("\n"))
					assert.ok(line.length <= 80, `more than 80 columns: ${line}`);
			});

			test("after -- everything is text", async () => {
				for (const text of ["--help", "-", "--", "-o", "--width=1"])
					await assertText(draw(["--", text]), text);
				await assertText(draw(["-"]), "-");
			});
		});

		describe("wrong options", () => {
			const width = "--width must be a whole number from 1 to 4096.";
			const scale = "--scale must be a whole number from 1 to 4096.";
			const margin = "--margin must be a number from 0 to 32.";
			const notNumbers = ["", "-1", "+1", "1e3", "0x10", "1.0", " 1", "1 "];
			notNumbers.push("ten", "1px", "4294967297", "99999999999999999999");

			test("numbers", () => {
				const cases = [
					...[...notNumbers, "0", "4097"].map((n) => ["--width", n, width]),
					...[...notNumbers, "0", "4097"].map((n) => ["--scale", n, scale]),
					...[...notNumbers, "33", "1.", ".5", "1.2.3"]
						.filter((n) => n !== "1.0")
						.map((n) => ["--margin", n, margin]),
				];
				for (const [flag, value, sentence] of cases)
					assertFails(run([`${flag}=${value}`, "hello"]), 2, sentence);
			});

			test("levels", () => {
				for (const level of ["", "l", "X", "LL", "low"])
					assertFails(run(["--ecl", level, "hello"]), 2, `--${sentences.ecl}`);
			});

			test("an engine that does not exist", () => {
				for (const engine of ["", "none", "Reference"])
					assertFails(
						run(["--engine", engine, "hello"]),
						2,
						/--engine must be/,
					);
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
			test("a directory", () => {
				assertFails(shell('"$QRPNG" < /'), 1, "Standard input can't be read.");
			});
		});

		describe("standard output that fails", () => {
			const sentence = /^qrpng: Standard output can't be written: .+\.$/m;

			test("a full disk", () => {
				assertFails(shell('"$QRPNG" hello > /dev/full'), 1, sentence);
			});

			test("a file that reaches its limit", () => {
				const file = path.join(freshDirectory(), "code.png");
				const text = "large".repeat(500);
				const line = `ulimit -f 1; "$QRPNG" -w 1024 ${text} > ${file}`;
				assertFails(shell(line), 1, sentence);
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

			test("--help and --version on a full disk", () => {
				for (const flag of ["--help", "--version"])
					assertFails(shell(`"$QRPNG" ${flag} > /dev/full`), 1, sentence);
			});
		});

		describe("closed standard streams", () => {
			const input = "Standard input can't be read.";
			const output = /^qrpng: Standard output can't be written.*\.$/m;

			test("stay closed to all that the command opens", async () => {
				const child = spawn("sh", ["-c", 'exec "$0" --pipe >&- 2>&-', binary], {
					env: environment,
				});
				const exited = once(child, "exit");
				const target = (stream) =>
					readlinkSync(`/proc/${child.pid}/fd/${stream}`);
				await eventually("the command in place of the shell", () =>
					readlinkSync(`/proc/${child.pid}/exe`).endsWith("/qrpng"),
				);
				for (const stream of [1, 2])
					await eventually(`/dev/null as stream ${stream}`, () => {
						try {
							return target(stream) === "/dev/null";
						} catch {
							return false; // not yet
						}
					});
				child.stdin.end();
				assert.deepEqual(await exited, [0, null]);
			});

			test("with -o the file is whole, whichever they are", async () => {
				const file = path.join(freshDirectory(), "code.png");
				for (const closed of ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"]) {
					const { status } = shell(`"$QRPNG" -o ${file} "${closed}" ${closed}`);
					assert.equal(status, 0);
					await assertText(readFileSync(file), closed);
				}
				const folder = path.dirname(file);
				const { status } = shell(`"$QRPNG" -o ${folder} hello <&- >&- 2>&-`);
				assert.equal(status, 1);
			});

			test("are errors where they are needed", () => {
				assertFails(shell('"$QRPNG" <&-'), 1, input);
				assertFails(shell('"$QRPNG" --pipe <&-'), 1, input);
				assertFails(shell('"$QRPNG" hello >&-'), 1, output);
				assertFails(shell('"$QRPNG" hello <&- >&-'), 1, output);
				for (const flag of ["--help", "--version"])
					assertFails(shell(`"$QRPNG" ${flag} >&-`), 1, output);
				const request = "printf '\\0\\0\\0\\5\\0\\4\\0\\310a'";
				const { stdout } = shell(`${request} | "$QRPNG" --pipe`);
				assert.deepEqual(stdout.subarray(5), draw(["a"]));
				assertFails(shell(`${request} | "$QRPNG" --pipe >&-`), 1, output);
			});
		});
	});
