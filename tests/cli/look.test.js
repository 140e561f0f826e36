// The command: what a code looks like, and what decides on that. Everything is read back.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { Resvg } from "@resvg/resvg-js";
import { decodeQrCode } from "../../bench/subjects/decode.js";
import { readPng } from "../../bench/subjects/png.js";
import {
	assertFails,
	assertText,
	binaries,
	commandOf,
	environment,
	freshDirectory,
	root,
} from "./command.js";
import {
	readAscii,
	readColouredHalfBlocks,
	readColouredSpaces,
	readHalfBlocks,
} from "./drawing.js";

const text = "https://example.com/";
const isPng = (bytes) => bytes.subarray(1, 4).toString() === "PNG";

async function assertSvg(svg, expected) {
	const png = new Resvg(svg, { fitTo: { mode: "width", value: 400 } });
	await assertText(png.render().asPng(), expected);
}

/** The data of the first chunk of that type, in hex; undefined if there is none. */
function chunkOf(png, type) {
	const at = png.indexOf(type, 8, "latin1");
	if (at < 0) return undefined;
	return png.toString("hex", at + 4, at + 4 + png.readUInt32BE(at - 4));
}

for (const binary of binaries)
	describe(path.relative(root, binary), () => {
		const { run, draw } = commandOf(binary);
		const drawText = (...args) => draw([...args, text]).toString();

		/** Rows of modules, as a PNG has them; half blocks have an even number of rows. */
		function modulesOf(...args) {
			const png = readPng(draw(["--scale", "1", ...args, text]));
			return Array.from({ length: png.height }, (_, y) =>
				Array.from(png.dark.subarray(y * png.width, (y + 1) * png.width)),
			);
		}
		const withEvenRows = (rows) =>
			rows.length % 2 ? [...rows, rows[0].map(() => 0)] : rows;
		const inverted = (rows) =>
			rows.map((row) => row.map((module) => 1 - module));

		/** What a terminal of that size is sent. */
		function inTerminal(args, { columns = 80, rows = 24 } = {}) {
			const size = `stty cols ${columns} rows ${rows}`;
			const words = [binary, ...args].map((word) => `'${word}'`).join(" ");
			const { status, stdout } = spawnSync(
				"script",
				["-qec", `${size}; ${words}`, "/dev/null"],
				{ env: environment, input: "", timeout: 300_000 },
			);
			return { status, screen: stdout.toString() };
		}

		describe("--type", () => {
			test("utf8, ascii and terminal have the modules of the PNG", () => {
				for (const margin of ["4", "1", "0"]) {
					const flags = ["--margin", margin];
					const modules = modulesOf(...flags);
					assert.deepEqual(
						readAscii(drawText("--type", "ascii", ...flags)),
						modules,
					);
					assert.deepEqual(
						readColouredSpaces(drawText("--type", "terminal", ...flags)),
						modules,
					);
					assert.deepEqual(
						readHalfBlocks(drawText("--type", "utf8", ...flags)),
						withEvenRows(modules),
					);
					assert.deepEqual(
						readColouredHalfBlocks(
							drawText("--type", "terminal", "--small", ...flags),
						),
						withEvenRows(modules),
					);
				}
			});

			test("svg", async () => {
				const svg = drawText("--type", "svg");
				await assertSvg(svg, text);
				assert.doesNotMatch(svg, /<svg[^>]* width=/);
				assert.match(drawText("-tsvg", "--width", "300"), / width="300"/);
				assert.match(drawText("-tsvg", "--scale", "2"), / width="66"/);
			});

			test("by qrencode's names, in capitals, too", () => {
				for (const [theirs, ours] of [
					["PNG", ["png"]],
					["SVG", ["svg"]],
					["ANSI", ["terminal"]],
					["ansiutf8", ["terminal", "--small"]],
					["UTF8", ["utf8"]],
					["ASCII", ["ascii"]],
				])
					assert.deepEqual(
						draw(["--type", theirs, text]),
						draw(["--type", ...ours, text]),
					);
			});

			test("by the end of the file's name", async () => {
				const folder = freshDirectory();
				const write = (name, ...args) => {
					draw(["-o", path.join(folder, name), ...args, text]);
					return readFileSync(path.join(folder, name));
				};
				await assertSvg(write("code.svg").toString(), text);
				await assertSvg(write("CODE.SVG").toString(), text);
				readHalfBlocks(write("code.txt").toString());
				for (const name of ["code.png", "code", ".svg.bak", "a.svg.b", "a.1"])
					await assertText(write(name), text);
				await assertText(write("really.svg", "--type", "png"), text);
				const picture = write("picture.jpg", "--type", "png");
				assert.ok(isPng(picture));
			});

			test("a name for what isn't made here is refused", () => {
				const folder = freshDirectory();
				for (const name of ["a.jpg", "a.JPEG", "a.gif", "a.webp", "a.pdf"]) {
					const file = path.join(folder, name);
					assertFails(
						run(["-o", file, text]),
						2,
						`No such image can be made as ${file}: give a name that ends with .png, .svg or .txt, or --type.`,
					);
				}
			});

			test("that isn't one, and --small elsewhere", () => {
				for (const type of ["", "jpg", "ansi256", "utf8i"])
					assertFails(
						run(["--type", type, text]),
						2,
						"--type must be png, svg, utf8, ascii or terminal.",
					);
				const sentence = "--small is for --type terminal.";
				assertFails(run(["--small", "-t", "png", text]), 2, sentence);
				assertFails(run(["--small", "-o", "a.svg", text]), 2, sentence);
			});
		});

		describe("on a terminal", () => {
			test("a code is drawn that fits it, as large as its text allows", () => {
				const { status, screen } = inTerminal([text]);
				assert.equal(status, 0);
				const drawn = readColouredHalfBlocks(screen);
				assert.deepEqual(drawn, withEvenRows(modulesOf()));
				assert.ok(screen.split("\n").length <= 24);
				const longest = inTerminal(["a".repeat(106)]);
				assert.ok(longest.screen.split("\n").length <= 24);
			});

			test("--type is drawn there, but no PNG", () => {
				const { screen } = inTerminal(["-t", "terminal", text]);
				assert.deepEqual(readColouredSpaces(screen), modulesOf());
				assert.match(inTerminal(["-t", "svg", text]).screen, /^<svg/);
				assert.deepEqual(inTerminal(["-t", "png", "-o", "-", text]), {
					status: 2,
					screen:
						"qrpng: A PNG is not for a terminal: give -o FILE or redirect standard output.\r\n",
				});
			});

			test("-o is standard output, and a file is silent", async () => {
				const { screen } = inTerminal(["-o", "-", text]);
				readColouredHalfBlocks(screen);
				const file = path.join(freshDirectory(), "code.png");
				const written = inTerminal(["-o", file, text]);
				assert.deepEqual(written, { status: 0, screen: "" });
				await assertText(readFileSync(file), text);
			});

			test("that is too narrow", () => {
				assert.equal(inTerminal([text], { columns: 33 }).status, 0);
				assert.deepEqual(inTerminal([text], { columns: 32 }), {
					status: 3,
					screen:
						"qrpng: The code is 33 columns wide, the terminal 32: make it wider, or give -o FILE.\r\n",
				});
				for (const type of ["terminal", "ascii"]) {
					const args = ["--type", type, text];
					assert.equal(inTerminal(args, { columns: 66 }).status, 0);
					assert.match(
						inTerminal(args, { columns: 65 }).screen,
						/ 66 columns wide, the terminal 65: /,
					);
				}
			});
		});

		describe("colours", () => {
			test("of a PNG", async () => {
				for (const [flags, palette, alpha] of [
					["--dark 1a237e", "1a237effffff", undefined],
					["--dark #1A237E --light ffe", "1a237effffee", undefined],
					["--dark f00", "ff0000ffffff", undefined],
					["--light fff0", "000000ffffff", "ff00"],
					["--dark #11223344 --light abc8", "112233aabbcc", "4488"],
				]) {
					const png = draw([...flags.split(" "), text]);
					assert.equal(chunkOf(png, "PLTE"), palette, flags);
					assert.equal(chunkOf(png, "tRNS"), alpha, flags);
				}
				await assertText(draw(["--dark", "1a237e", text]), text);
				const plain = draw(["--dark", "000", "--light", "#ffffffff", text]);
				assert.deepEqual(plain, draw([text]));
			});

			test("of an SVG", async () => {
				const svg = drawText("-t", "svg", "--dark", "1a237e", "--light", "ffe");
				assert.match(svg, /"#1a237e"/);
				assert.match(svg, /"#ffffee"/);
				await assertSvg(svg, text);
			});

			test("by the names that others have for them", () => {
				const expected = draw(["--dark", "123", "--light", "eee", text]);
				for (const [dark, light] of [
					["--foreground", "--background"],
					["--darkcolor", "--lightcolor"],
				])
					assert.deepEqual(draw([dark, "123", light, "eee", text]), expected);
			});

			test("--inverse exchanges them", () => {
				assert.deepEqual(
					draw(["--inverse", "--dark", "123456", "--light", "fed", text]),
					draw(["--dark", "fed", "--light", "123456", text]),
				);
				const modules = inverted(modulesOf());
				for (const [type, read] of [
					["ascii", readAscii],
					["terminal", readColouredSpaces],
				])
					assert.deepEqual(
						read(drawText("--inverse", "--type", type)),
						modules,
					);
			});

			test("that are none", () => {
				const allowed =
					"must be 3, 4, 6 or 8 hex digits, such as 1a237e or #fff0.";
				const wrong = ["", "#", "12", "12345", "1234567", "123456789"];
				for (const colour of [...wrong, "red", "##fff", "ggg", " fff", "+ff"])
					for (const flag of ["--dark", "--light"])
						assertFails(
							run([`${flag}=${colour}`, text]),
							2,
							`${flag} ${allowed}`,
						);
			});
		});

		test("--dpi", () => {
			const perMetre = Math.round(300 / 0.0254);
			const hex = perMetre.toString(16).padStart(8, "0");
			assert.equal(
				chunkOf(draw(["--dpi", "300", text]), "pHYs"),
				`${hex}${hex}01`,
			);
			assert.equal(chunkOf(draw([text]), "pHYs"), undefined);
			for (const dpi of ["", "0", "-1", "10001", "72.5", "x"])
				assertFails(
					run([`--dpi=${dpi}`, text]),
					2,
					"--dpi must be a whole number from 1 to 10000.",
				);
		});

		test("--title", async () => {
			const svg = drawText("-t", "svg", "--title", "a < b & ü");
			assert.match(svg, /<title>a &lt; b &amp; ü<\/title>/);
			await assertSvg(svg, text);
			assertFails(run(["-t", "svg", "--title", "\u0001", text]), 2, /--title/);
		});

		test("--symversion", async () => {
			for (const flag of ["--symversion", "--qversion", "-v"]) {
				const { version } = await decodeQrCode(draw([flag, "7", text]));
				assert.equal(version, 7);
			}
			for (const version of ["", "0", "41", "-1", "x"])
				assertFails(
					run([`--symversion=${version}`, text]),
					2,
					"--symversion must be a whole number from 1 to 40.",
				);
			assertFails(run(["--symversion", "1", text]), 3, / version 1 /);
		});

		test("--mask and --mask-rule", async () => {
			const images = new Set();
			for (let mask = 0; mask < 8; mask++) {
				const png = draw(["--mask", `${mask}`, text]);
				await assertText(png, text);
				images.add(png.toString("hex"));
			}
			assert.equal(images.size, 8);
			for (const mask of ["", "8", "-1", "x"])
				assertFails(run([`--mask=${mask}`, text]), 2, /--mask must be /);
			for (const rule of ["libqrencode", "iso"]) {
				const png = draw(["--mask-rule", rule, text]);
				assert.ok(images.has(png.toString("hex")));
			}
			assertFails(
				run(["--mask-rule", "best", text]),
				2,
				"--mask-rule must be libqrencode or iso.",
			);
		});

		test("--8bit", async () => {
			const digits = "1".repeat(41);
			const short = await decodeQrCode(draw([digits]));
			assert.equal(short.version, 1);
			for (const flag of ["--8bit", "-8"]) {
				const png = draw([flag, digits]);
				const { version, bytes } = await decodeQrCode(png);
				assert.equal(version, 3);
				assert.equal(bytes.toString(), digits);
			}
			assertFails(run(["--8bit", ""]), 3, /The text is empty/);
		});

		test("--read-from", async () => {
			const folder = freshDirectory();
			const file = path.join(folder, "text");
			writeFileSync(file, "a\0b\n");
			for (const flag of ["--read-from", "-r"])
				await assertText(draw([flag, file]), "a\0b\n");
			await assertText(draw(["-r", "-"], { input: "input" }), "input");
			assertFails(
				run(["-r", file, "text"]),
				2,
				"Give TEXT or --read-from, not both.",
			);
			const missing = path.join(folder, "missing");
			assertFails(
				run(["-r", missing]),
				1,
				`${missing} can't be read: No such file or directory.`,
			);
			assertFails(run(["-r", folder]), 1, / can't be read: Is a directory\.$/m);
		});

		test("the names that qrcode and qrencode have for the rest", () => {
			for (const [theirs, ours] of [
				["--level Q", "--ecl Q"],
				["--error H", "--ecl H"],
				["--size 3", "--scale 3"],
				["--qzone 1", "--margin 1"],
				["-q 1", "--margin 1"],
				["-s 3", "--scale 3"],
			])
				assert.deepEqual(
					draw([...theirs.split(" "), text]),
					draw([...ours.split(" "), text]),
				);
		});

		test("letters that mean different things elsewhere are refused", () => {
			for (const [letter, meanings] of [
				["d", "--dpi or --dark"],
				["i", "--inverse or qrencode's --ignorecase, which is not supported"],
				["l", "--level or --light"],
				["m", "--margin or --mask"],
			])
				for (const args of [
					[`-${letter}`, "3"],
					[`-${letter}3`],
					[`-8${letter}`],
				])
					assertFails(
						run([...args, text]),
						2,
						`The option -${letter} could mean ${meanings}: give the long name. A text that begins with a dash goes after --.`,
					);
		});

		test("what is unknown is named", () => {
			const see =
				"is unknown: see qrpng --help. A text that begins with a dash goes after --.";
			for (const [args, sentence] of [
				[["-x"], `The option -x ${see}`],
				[["--8bit", "-xyz"], `The option -x ${see}`],
				[["-8z", "text"], `The option -z ${see}`],
				[["--colour", "red", "text"], `The option --colour ${see}`],
				[["--colour=red", "text"], `The option --colour ${see}`],
				[["--help=x"], "The option --help takes no value: see qrpng --help."],
				[["--width"], "The option --width needs a value: see qrpng --help."],
				[["-8w"], "The option -w needs a value: see qrpng --help."],
			])
				assertFails(run(args), 2, sentence);
		});
	});
