// Who is compared, and the commands that print one sample of each as JSON: { cpuMicrosPerText, pngBytes, calls }.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

const coreBench = path.join(
	import.meta.dirname,
	"../../build/Release/core_bench",
);
const jsContender = path.join(import.meta.dirname, "js-contender.js");

/** [id, what it is] of those in core_bench. */
const native = [
	["fast:baseline", "engine fast, what every x86-64 has"],
	["fast:128", "engine fast, 128-bit vectors"],
	["fast:256", "engine fast, 256-bit vectors"],
	["fast:512", "engine fast, 512-bit vectors"],
	["reference", "engine reference"],
	["bare", "libqrencode + libpng in a loop"],
	["fast:baseline/modules", "engine fast, what every x86-64 has"],
	["fast:128/modules", "engine fast, 128-bit vectors"],
	["fast:256/modules", "engine fast, 256-bit vectors"],
	["fast:512/modules", "engine fast, 512-bit vectors"],
	["reference/modules", "engine reference"],
	["bare/modules", "libqrencode in a loop"],
];

/** [id, what it is] of the outputs of engine fast, also in core_bench. */
const outputs = [
	["fast/png", "PNG, gray"],
	["fast/palette", "PNG, two colours, one transparent"],
	["fast/svg", "SVG"],
	["fast/utf8", "half blocks"],
	["fast/terminal", "ANSI colours"],
	["fast/terminal-small", "half blocks in ANSI colours"],
	["fast/ascii", "two characters a module"],
];

/** [id, what it is] of those in js-contender.js. */
const inNode = [
	["addon", "toBufferSync in Node, engine fast"],
	["ffi", "the same call through koffi"],
	["wasm", "the same call in WebAssembly"],
	["qr", "npm qr + PNG by node:zlib"],
	["lean-qr", "npm lean-qr, nearest scale"],
	["qrcode-article", "npm qrcode, the article's settings"],
	["qrcode-defaults", "npm qrcode, its defaults (M)"],
	["qr/modules", "npm qr, raw"],
	["lean-qr/modules", "npm lean-qr, generate"],
	["qrcode/modules", "npm qrcode, create"],
];

/** @type {(id: string) => boolean} */
export const makesModules = (id) => id.endsWith("/modules");

/** @type {(id: string) => boolean} */
export const isOutput = (id) => id.startsWith("fast/");

/** What the other outputs are compared with. */
export const plainOutput = "fast/png";

/**
 * The same without the image.
 * @type {(id: string) => string}
 */
export const modulesOf = (id) => `${id}/modules`;

/** What to put before a command to have its instructions counted. */
export const valgrind = [
	"valgrind",
	"--tool=callgrind",
	"--callgrind-out-file=/dev/null",
];

/**
 * The engines that core_bench has and this CPU can run, or the one that a wrapper such as valgrind emulates.
 * @type {(wrapper?: string[]) => string[]}
 */
export function findEngines(wrapper = []) {
	if (!existsSync(coreBench))
		throw new Error(
			"build/Release/core_bench is missing: npm run bench:core builds it.",
		);
	const [command, ...args] = [...wrapper, coreBench, "engines"];
	return execFileSync(command, args, { encoding: "utf8", stdio: "pipe" })
		.trim()
		.split("\n");
}

/**
 * Engine fast takes the widest vectors that the CPU has.
 * @type {(engines: string[]) => string | undefined}
 */
export const widestFast = (engines) =>
	engines.filter((name) => name.startsWith("fast:")).at(-1);

/**
 * Whether that contender can run where there are these engines.
 * @type {(id: string, engines: string[]) => boolean}
 */
export const canRun = (id, engines) =>
	!/^(fast:|reference)/.test(id) || engines.includes(id.split("/")[0]);

const nativeCommand = (id) => [coreBench, id];
const nodeCommand = (id) => [process.execPath, jsContender, id];

/**
 * The whole command for a sample of so much CPU time and so many passes over the texts, at least, after a warm-up.
 * @type {(command: string[], textsFile: string, size: { timeMs: number, passes: number }) => string[]}
 */
export const sampleCommand = (command, textsFile, { timeMs, passes }) => [
	...command,
	textsFile,
	`${timeMs}`,
	`${passes}`,
];

/** Tells the length of the smallest images for comparison. */
export const zlibNine = { command: nodeCommand("zlib-9") };

/**
 * [{ id, title, isNative, command }] of all that can run where there are these engines; see sampleCommand() for the rest of the command.
 * @type {(engines: string[]) => Kit.Contender[]}
 */
export function findContenders(engines) {
	const describe = (isNative, command) => (row) => ({
		id: row[0],
		title: row[1],
		isNative,
		command: command(row[0]),
	});
	return [
		...[...native, ...outputs].map(describe(true, nativeCommand)),
		...inNode.map(describe(false, nodeCommand)),
	].filter(({ id }) => canRun(id, engines));
}
