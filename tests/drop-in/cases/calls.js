// Argument orders, and how each call reports errors.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { decodePng, decodeRows, rowsOfHalfBlocks } from "../judge.js";

const text = "I am a pony!";
const level = { errorCorrectionLevel: "H" };

/** How to call each of them, given (qr, folder, text, ...others), and what the code says that it made. */
const calls = {
	toDataURL: {
		call: ({ qr }, ...args) => qr.toDataURL(...args),
		read: (url) => decodePng(url),
	},
	toBuffer: {
		call: ({ qr }, ...args) => qr.toBuffer(...args),
		read(png) {
			assert.ok(Buffer.isBuffer(png));
			return decodePng(png);
		},
	},
	toString: {
		call: ({ qr }, ...args) => qr.toString(...args),
		read: (blocks) => decodeRows(rowsOfHalfBlocks(blocks)),
	},
	toFile: {
		call: ({ qr, folder }, ...args) =>
			qr.toFile(path.join(folder, "code.png"), ...args),
		read(nothing, { folder }) {
			assert.equal(nothing, undefined);
			return decodePng(readFileSync(path.join(folder, "code.png")));
		},
	},
};

/** What a call passes to its callback. Fails if that is called again. */
export function callback(start) {
	return new Promise((resolve, reject) => {
		let isCalled = false;
		start((...args) => {
			if (isCalled) reject(new Error("the callback was called twice"));
			isCalled = true;
			setImmediate(resolve, args);
		});
	});
}

async function resultOf(start) {
	const [error, value] = await callback(start);
	assert.ok(error === null || error === undefined, String(error));
	return value;
}

function ordersOf(name) {
	const { call, read } = calls[name];
	const holds = async (kit, value, expected = {}) => {
		const found = await read(value, kit);
		assert.equal(found.text, expected.text ?? text);
		assert.equal(found.level, expected.level ?? "M");
	};
	return [
		[
			"text, callback",
			async (kit) => holds(kit, await resultOf((cb) => call(kit, text, cb))),
		],
		[
			"text, options, callback",
			async (kit) =>
				holds(kit, await resultOf((cb) => call(kit, text, level, cb)), {
					level: "H",
				}),
		],
		["text: a promise", async (kit) => holds(kit, await call(kit, text))],
		[
			"text, options: a promise",
			async (kit) => holds(kit, await call(kit, text, level), { level: "H" }),
		],
		[
			"text, options, undefined: a promise",
			async (kit) =>
				holds(kit, await call(kit, text, level, undefined), { level: "H" }),
		],
		[
			"text, undefined: a promise",
			async (kit) => holds(kit, await call(kit, text, undefined)),
		],
		[
			"text, null: a promise",
			async (kit) => holds(kit, await call(kit, text, null)),
		],
		[
			"no options but an empty object",
			async (kit) => holds(kit, await call(kit, text, {})),
		],
		[
			"an array of segments",
			async (kit) =>
				holds(kit, await call(kit, [{ data: text, mode: "byte" }])),
		],
		[
			"an array of strings, put together",
			async (kit) =>
				holds(kit, await call(kit, ["AB", "12"]), { text: "AB12" }),
		],
		[
			"called without its module",
			async ({ qr, folder }) => {
				const bare = qr[name];
				const kit = { folder, qr: { [name]: (...args) => bare(...args) } };
				await holds(kit, await call(kit, text));
			},
		],
		[
			"twenty at once",
			async (kit) => {
				if (name === "toFile") {
					const files = Array.from({ length: 20 }, (_, i) =>
						path.join(kit.folder, `${i}.png`),
					);
					await Promise.all(
						files.map((file, i) => kit.qr.toFile(file, `n${i}`)),
					);
					for (const [i, file] of files.entries())
						assert.equal((await decodePng(readFileSync(file))).text, `n${i}`);
					return;
				}
				const made = await Promise.all(
					Array.from({ length: 20 }, (_, i) => call(kit, `n${i}`)),
				);
				for (const [i, one] of made.entries())
					await holds(kit, one, { text: `n${i}` });
			},
		],
	];
}

const tooLong = "a".repeat(2332);

/** [what is wrong, text, options]: each an Error, rejected or passed to the callback. */
const wrong = [
	["an empty text", "", {}],
	["a text that no code can hold", tooLong, {}],
	["a text too long for the version", "a".repeat(100), { version: 1 }],
	["segments that no code can hold", [{ data: tooLong, mode: "byte" }], {}],
	[
		"a segment that its mode can't hold",
		[{ data: "abc", mode: "numeric" }],
		{},
	],
	["a toSJISFunc that is no function", text, { toSJISFunc: "sjis" }],
	["a colour of two digits", text, { color: { dark: "#12" } }],
	["a colour of five digits", text, { color: { light: "#12345" } }],
	["a colour of nine digits", text, { color: { dark: "#123456789" } }],
	["a colour that is an object", text, { color: { dark: {} } }],
	["a text that is an object", { data: "a" }, {}],
];

function errorsOf(name) {
	const { call } = calls[name];
	const rows = wrong.flatMap(([what, value, options]) => [
		[
			`${what}: rejected`,
			async (kit) => {
				const promise = call(kit, value, options);
				await assert.rejects(promise, (error) => error instanceof Error);
			},
		],
		[
			`${what}: passed to the callback`,
			async (kit) => {
				const [error, made] = await callback((cb) =>
					call(kit, value, options, cb),
				);
				assert.ok(error instanceof Error);
				assert.equal(made, undefined);
			},
		],
	]);
	return [
		...rows,
		[
			"no text at all: thrown",
			(kit) => {
				assert.throws(() => call(kit), Error);
			},
		],
		[
			"undefined as text, with a callback: thrown",
			(kit) => {
				assert.throws(() => call(kit, undefined, () => {}), Error);
			},
		],
	];
}

export default Object.fromEntries(
	Object.keys(calls).map((name) => [
		name,
		[...ordersOf(name), ...errorsOf(name)],
	]),
);
