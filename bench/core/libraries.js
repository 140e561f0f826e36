// What other libraries take for the same code: level L, modules of 5 px, a quiet zone of 4 modules.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { correction, generate } from "lean-qr";
import { toPngBuffer } from "lean-qr/extras/node_export";
import { toSvgSource } from "lean-qr/extras/svg";
import encodeQr from "qr";
import qrImage from "qr-image";
import QRCode from "qrcode";
import { encodeModules, encodePng } from "../../js-best/index.js";
import * as tiers from "../../lib/index.js";

const scalePx = 5;
const marginModules = 4;
const root = path.join(import.meta.dirname, "../..");

/**
 * png and svg: of a text, something with a length, or a promise of that; left out where a library has none.
 * @typedef {object} Library
 * @property {string} name
 * @property {string} what
 * @property {(text: string) => any} [png]
 * @property {(text: string) => any} [svg]
 */

const common = { scale: scalePx, margin: marginModules };
const own = /** @type {const} */ ({ ...common, errorCorrectionLevel: "L" });
const ownSvg = /** @type {const} */ ({ ...own, type: "svg" });

/** @type {() => Library} */
function leanQr() {
	const { L } = correction;
	const encode = (text) =>
		generate(text, { minCorrectionLevel: L, maxCorrectionLevel: L });
	const pad = marginModules;
	return {
		name: "lean-qr",
		what: "JavaScript",
		png: (text) => toPngBuffer(encode(text), { scale: scalePx, pad }),
		svg: (text) =>
			toSvgSource(encode(text), { pad, on: "black", off: "white" }),
	};
}

/** Its module has no name that Node takes for an ES module's. @type {() => Promise<Library>} */
async function fastQr() {
	const folder = path.join(root, "node_modules/fast_qr");
	const code = readFileSync(path.join(folder, "fast_qr.js"), "base64");
	const fast = await import(`data:text/javascript;base64,${code}`);
	fast.initSync(readFileSync(path.join(folder, "fast_qr_bg.wasm")));
	return {
		name: "fast_qr",
		what: "Rust, as WebAssembly; level Q",
		svg: (text) =>
			fast.qr_svg(text, new fast.SvgOptions().margin(marginModules)),
	};
}

/** @type {() => Promise<Library[]>} */
export async function findLibraries() {
	const reference = { ...own, engine: "reference" };
	const all = [
		{
			name: "qr-tiers",
			what: "C, as an addon",
			png: (text) => tiers.toBufferSync(text, own),
			svg: (text) => tiers.toStringSync(text, ownSvg),
		},
		{
			name: "libqrencode and libpng",
			what: "C, by the same addon",
			png: (text) => tiers.toBufferSync(text, reference),
		},
		{
			name: "qr",
			what: "JavaScript; a PNG writer of ours",
			png: (text) => {
				const modules = encodeModules(text, "L") ?? [];
				const side = scalePx * (modules.length + 2 * marginModules);
				return encodePng(modules, side, marginModules);
			},
			svg: (text) =>
				encodeQr(text, "svg", { ecc: "low", border: marginModules }),
		},
		leanQr(),
		{
			name: "qr-image",
			what: "JavaScript",
			png: (text) => qrImage.imageSync(text, imageOptions("png")),
			svg: (text) => qrImage.imageSync(text, imageOptions("svg")),
		},
		await fastQr(),
		{
			name: "qrcode",
			what: "JavaScript",
			png: (text) => QRCode.toBuffer(text, { ...own }),
			svg: (text) => QRCode.toString(text, { ...ownSvg }),
		},
	];
	return all.filter(
		({ name }) =>
			name !== "libqrencode and libpng" || tiers.engines.includes("reference"),
	);
}

/** @type {(type: "png" | "svg") => import("qr-image").Options} */
function imageOptions(type) {
	return { type, ec_level: "L", size: scalePx, margin: marginModules };
}

/**
 * The version of what is measured by that name.
 * @type {(name: string) => string}
 */
export function versionOf(name) {
	if (name === "qr-tiers") return tiers.version;
	if (name === "libqrencode and libpng")
		return (
			/libqrencode ([\d.]+)/.exec(tiers.engineLibraries("reference"))?.[1] ?? ""
		);
	const file = path.join(root, "node_modules", name, "package.json");
	return JSON.parse(readFileSync(file, "utf8")).version;
}

/** The flags that ask for that code. @type {[name: string, command: string, flags: (string | number)[]][]} */
const commands = [
	["qrpng", path.join(root, "build/Release/qrpng"), ["--scale", scalePx]],
	["qrencode", "qrencode", ["-o", "-", "-l", "L", "-s", scalePx, "-m", 4]],
];

/**
 * CPU time in ms that each command takes for a code, its start included; without those that are not there.
 * @type {(texts: string[]) => { name: string, cpuMs: number }[]}
 */
export function measureCommands(texts) {
	return commands.flatMap(([name, command, flags]) => {
		const words = [command, ...flags].map((word) => `'${word}'`).join(" ");
		// The last line that times prints is what its children took.
		const line = `for text; do ${words} "$text" > /dev/null || exit; done; times`;
		try {
			const printed = execFileSync("sh", ["-c", line, "sh", ...texts], {
				encoding: "utf8",
				stdio: ["ignore", "pipe", "ignore"],
			});
			const [, user, system] =
				/\n(\S+) (\S+)\n$/.exec(printed)?.map(secondsOf) ?? [];
			return [{ name, cpuMs: ((user + system) * 1000) / texts.length }];
		} catch {
			return [];
		}
	});
}

/** 0m1.250s. @type {(time: string) => number} */
function secondsOf(time) {
	const [minutes, seconds] = time.split("m");
	return Number(minutes) * 60 + Number.parseFloat(seconds);
}
