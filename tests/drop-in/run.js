// Runs the cases against a package.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";

const require = createRequire(import.meta.url);

/**
 * The cases of all files of cases/, in their order: { call, says, check, marks }. marks.qrcode says why qrcode itself fails one;
 * marks.differs names the row of differences.js that says why qr-tiers does.
 */
export async function loadCases() {
	const folder = path.join(import.meta.dirname, "cases");
	const groups = new Map();
	for (const file of readdirSync(folder).sort()) {
		const { default: byCall } = await import(path.join(folder, file));
		for (const [call, rows] of Object.entries(byCall))
			groups.set(call, [...(groups.get(call) ?? []), ...rows]);
	}
	return [...groups].flatMap(([call, rows]) =>
		rows.map(([says, check, marks = {}]) => ({ call, says, check, marks })),
	);
}

/** A package as if it were required for the first time: qrcode keeps what it was told in earlier calls. */
function loadAnew(name) {
	const folder = path.join(path.dirname(require.resolve(name)), path.sep);
	if (name === "qrcode")
		for (const file of Object.keys(require.cache))
			if (file.startsWith(folder)) delete require.cache[file];
	return require(name);
}

/** What a package has under the condition "browser"; qr-tiers, unless it is to be as a page finds it, with its module loaded. */
export async function loadForBrowser(name, { isStarted = true } = {}) {
	if (name === "qrcode") return require("qrcode/lib/browser.js");
	const folder = path.dirname(require.resolve("qr-tiers/package.json"));
	const { exports } = require("qr-tiers/package.json");
	const file = path.join(folder, exports["."].browser.default);
	const module = await import(isStarted ? file : `${file}?not-started`);
	const wasm = path.join(path.dirname(file), "qrpng.wasm");
	if (isStarted) await module.init(readFileSync(wasm));
	return module;
}

/** Runs cases one after the other, each group on a package of its own: for each undefined, or the error that it failed with. */
export async function runCases(cases, name) {
	const folders = mkdtempSync(path.join(os.tmpdir(), "qr-tiers-drop-in-"));
	const failures = [];
	let group;
	let qr;
	for (const { call, check } of cases) {
		if (call !== group)
			qr = await (call.startsWith("browser")
				? loadForBrowser(name)
				: loadAnew(name));
		group = call;
		const kit = {
			qr,
			name,
			/** An empty folder, made when it is asked for. */
			get folder() {
				const folder = mkdtempSync(path.join(folders, "case-"));
				Object.defineProperty(kit, "folder", { value: folder });
				return folder;
			},
		};
		try {
			await check(kit);
			failures.push(undefined);
		} catch (error) {
			failures.push(error);
		}
	}
	rmSync(folders, { recursive: true });
	return failures;
}
