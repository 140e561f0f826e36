// How the package is loaded, and manners that hold for every call.
import assert from "node:assert/strict";
import childProcess from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { promisify } from "node:util";
import { decodePng } from "../judge.js";
import { callback } from "./calls.js";

const execFile = promisify(childProcess.execFile);
const root = path.join(import.meta.dirname, "../../..");
const require = createRequire(import.meta.url);
const text = "pony";
const names = [
	"create",
	"toBuffer",
	"toCanvas",
	"toDataURL",
	"toFile",
	"toFileStream",
	"toString",
];

const loading = [
	...names.map((call) => [
		`require: ${call}`,
		({ name }) => assert.equal(typeof require(name)[call], "function"),
	]),
	[
		"import QRCode from",
		async ({ name }) => {
			const { default: QRCode } = await import(name);
			for (const call of names) assert.equal(typeof QRCode[call], "function");
			assert.equal((await decodePng(await QRCode.toBuffer(text))).text, text);
		},
	],
	[
		"import * as QRCode from",
		async ({ name }) => {
			const QRCode = await import(name);
			assert.equal((await decodePng(await QRCode.toDataURL(text))).text, text);
		},
	],
	[
		"import { each } from",
		async ({ name }) => {
			const module = await import(name);
			for (const call of names) assert.equal(typeof module[call], "function");
		},
	],
	[
		"require and import give the same functions",
		async ({ name }) => {
			const module = await import(name);
			assert.equal(typeof module.default.toBuffer, "function");
			assert.equal(module.default.toBuffer, module.toBuffer);
		},
	],
];

const asyncCalls = {
	toDataURL: (qr, options) => qr.toDataURL(text, options),
	toBuffer: (qr, options) => qr.toBuffer(text, options),
	"toString, svg": (qr, options) =>
		qr.toString(text, Object.assign(options, { type: "svg" })),
	toString: (qr, options) => qr.toString(text, options),
	create: (qr, options) => qr.create(text, options),
};

const writesColor = { fails: "qrcode", see: "Options" };

const manners = [
	...Object.entries(asyncCalls).map(([name, call]) => [
		`${name}: options are not written into`,
		async ({ qr }) => {
			const options = { margin: 2 };
			await call(qr, options);
			delete options.type;
			assert.deepEqual(options, { margin: 2 });
		},
		name === "create" ? {} : writesColor,
	]),
	[
		"rendererOpts are not written into",
		async ({ qr }) => {
			const rendererOpts = { deflateLevel: 9 };
			await qr.toBuffer(text, { rendererOpts });
			assert.deepEqual(rendererOpts, { deflateLevel: 9 });
		},
		{ fails: "qrcode", see: "Options" },
	],
	[
		"frozen options",
		async ({ qr }) => {
			const options = Object.freeze({ margin: 2 });
			assert.equal(
				(await decodePng(await qr.toBuffer(text, options))).text,
				text,
			);
		},
		{ fails: "qrcode", see: "Options" },
	],
	[
		"options without a prototype",
		async ({ qr }) => {
			const options = Object.assign(Object.create(null), { margin: 2 });
			assert.equal(
				(await decodePng(await qr.toBuffer(text, options))).text,
				text,
			);
		},
	],
	[
		"options that are inherited",
		async ({ qr }) => {
			const options = Object.create({ errorCorrectionLevel: "H" });
			assert.equal(
				(await decodePng(await qr.toBuffer(text, options))).level,
				"H",
			);
		},
	],
	[
		"one object of options for many calls",
		async ({ qr }) => {
			const options = { errorCorrectionLevel: "Q", margin: 1 };
			const [one, two] = [
				await qr.toBuffer("one", options),
				await qr.toBuffer("two", options),
			];
			assert.equal((await decodePng(one)).text, "one");
			assert.equal((await decodePng(two)).text, "two");
		},
	],
	...[
		["unknown: 1", { unknown: 1 }],
		["quality: 0.3, README's", { quality: 0.3 }],
		["small: true", { small: true }],
		["several, of other libraries", { size: 9, level: "H", render: "svg" }],
	].map(([says, options]) => [
		`unknown options are ignored: ${says}`,
		async ({ qr }) =>
			assert.deepEqual(
				await qr.toBuffer(text, { ...options }),
				await qr.toBuffer(text),
			),
	]),
	[
		"the same text and options give the same image",
		async ({ qr }) =>
			assert.deepEqual(await qr.toBuffer(text), await qr.toBuffer(text)),
	],
	[
		"all options at once",
		async ({ qr }) => {
			const png = await qr.toBuffer(text, {
				version: 3,
				errorCorrectionLevel: "Q",
				maskPattern: 5,
				margin: 2,
				scale: 9,
				width: 330,
				color: { dark: "#123", light: "#eeee" },
				type: "png",
				rendererOpts: { deflateLevel: 9, deflateStrategy: 3 },
			});
			const found = await decodePng(png);
			assert.deepEqual(
				[found.text, found.version, found.level],
				[text, 3, "Q"],
			);
		},
	],
	...["toDataURL", "toBuffer", "toString"].map((name) => [
		`${name}: the callback gets no error as null or undefined`,
		async ({ qr }) => {
			const [error] = await callback((cb) => qr[name](text, cb));
			assert.ok(error === null || error === undefined);
		},
	]),
	...["toDataURL", "toBuffer", "toString"].map((name) => [
		`${name}(text, undefined, callback)`,
		async ({ qr }) => {
			const [error, made] = await callback((cb) =>
				qr[name](text, undefined, cb),
			);
			assert.ok(!error);
			assert.ok(made.length > 0);
		},
		name === "toString"
			? {}
			: { fails: "qrcode", see: "`undefined` as options" },
	]),
	[
		"toString: an error that the callback throws is not handed to it again",
		async ({ name }) => {
			const code = `let calls = 0;
				process.on("uncaughtException", () => {});
				process.on("exit", () => process.stdout.write(String(calls)));
				require(${JSON.stringify(name)}).toString("a", () => { calls++; throw new Error(); });`;
			const { stdout } = await execFile(process.execPath, ["--eval", code], {
				cwd: root,
			});
			assert.equal(stdout, "1");
		},
		{ fails: "qrcode", see: "Callbacks that throw" },
	],
	[
		"toDataURL: an image that isn't PNG is not made silently",
		async ({ qr }) =>
			assert.match(
				await qr.toDataURL(text, { type: "image/jpeg" }),
				/^data:image\/png;base64,/,
			),
		{ fails: "qr-tiers", see: "Other types of image" },
	],
];

export default { loading, "manners of every call": manners };
