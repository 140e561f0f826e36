import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { dimensions } from "../../../bench/results/dimensions.js";
import { verifyRow } from "../../../bench/run/verify.js";
import { findRows } from "../../../bench/subjects/rows.js";
import { createDirectorySubject } from "../../../bench/subjects/tier-directory.js";
import { readResults, withDirectory } from "../helpers.js";
import { runKit } from "../run-kit.js";

const example = fileURLToPath(
	new URL("../../../docs/examples/digest", import.meta.url),
);

const goodFiles = {
	"package.json": '{ "type": "module" }',
	"corpus.js": 'export default { words: ["one", "two", "drei"] };',
	"verify.js":
		"export default (text, answer) => { if (answer.toString() !== text.toUpperCase()) throw new Error('it is ' + answer); };",
	"tiers/right.js":
		'export default { title: "right", generate: (text) => text.toUpperCase() };',
};

async function withTiers(files, use) {
	await withDirectory(async (directory) => {
		mkdirSync(join(directory, "tiers"));
		for (const [name, text] of Object.entries({ ...goodFiles, ...files }))
			if (text !== null) writeFileSync(join(directory, name), text);
		await use(directory);
	});
}

test("the example that also reads, waits and writes makes right images, and leaves no files", async () => {
	const folder = new URL("../../../docs/examples/stored/", import.meta.url);
	const load = async (name) =>
		(await import(new URL(name, folder).href)).default;
	const verify = await load("verify.js");
	const { short: texts } = await load("corpus.js");
	const stored = () =>
		readdirSync(tmpdir()).filter((name) => name.startsWith("stored-"));
	const before = stored();
	for (const name of ["js", "addon", "kept"]) {
		const tier = await load(`tiers/${name}.js`);
		await tier.start();
		const [made] = stored().filter((name) => !before.includes(name));
		for (const text of [texts[0], texts[1], texts[0]]) {
			const image = await tier.generate(text);
			await verify(text, Buffer.from(image));
		}
		assert.equal(readdirSync(join(tmpdir(), made)).length, 4);
		await assert.rejects(verify("another", await tier.generate(texts[0])));
		await tier.stop();
		assert.ok(!stored().includes(made));
	}
});

test("the example of payloads gives the bytes back, in each encoding, up to 700 KB", async () => {
	const folder = new URL("../../../docs/examples/payloads/", import.meta.url);
	const load = async (name) =>
		(await import(new URL(name, folder).href)).default;
	const verify = await load("verify.js");
	const corpus = await load("corpus.js");
	const sizes = Object.values(corpus).map(([text]) => Buffer.byteLength(text));
	assert.deepEqual(sizes, [1000, 10_000, 100_000, 700_000]);
	for (const name of ["bytes", "json-base64", "json-numbers"]) {
		const { generate, contentType = "application/octet-stream" } = await load(
			`tiers/${name}.js`,
		);
		const headers = { "content-type": contentType };
		for (const [text] of Object.values(corpus)) {
			const answer = Buffer.from(generate(text));
			verify(text, answer, headers);
			assert.throws(() => verify(`${text}.`, answer, headers));
		}
	}
});

test("the example in docs/ runs: a digest in the process, by a command, and by a program of its own", () =>
	withDirectory((directory) => {
		const { status, stdout, stderr } = runKit(
			"--tier-dir",
			example,
			"--connections",
			"4",
			"--rounds",
			"1",
			"--warm-up",
			"0.2",
			"--duration",
			"0.3",
			"--out",
			directory,
		);
		assert.equal(status, 0, stderr + stdout);
		const { rows, settings } = readResults(directory);
		assert.deepEqual(
			rows.map(({ id, node }) => [id, node !== null]),
			[
				["command", true],
				["in-process", true],
				["node-http", false],
			],
		);
		assert.equal(settings.tierDirectory, "digest");
		assert.deepEqual(
			settings.texts.map(({ kind, count }) => [kind, count]),
			[["short", 64]],
		);
		for (const { requestsPerSecond, responseBytes } of rows) {
			assert.ok(requestsPerSecond.median > 0);
			assert.equal(responseBytes.mean, 64);
		}
		assert.doesNotMatch(stdout, /image/i);
	}));

const values = Object.fromEntries(
	dimensions.map(({ id, defaults }) => [id, defaults]),
);
const nodePaths = new Map();

/** The row of a tier of a directory, in two processes, with its texts. */
async function findRow(path, id) {
	const selections = [{ id }];
	const subject = await createDirectorySubject(path, {
		selections,
		kinds: null,
	});
	const wanted = { values: { ...values, processes: [2] }, nodePaths };
	const { rows } = await findRows([subject], wanted);
	const [texts] = subject.texts.values();
	return { row: rows[0], texts };
}

/** What verifyRow() says of it. */
async function verify(path, id) {
	const { row, texts } = await findRow(path, id);
	const host = await row.subject.start(row, {});
	try {
		const { meanImageBytes } = await verifyRow({ row, host }, { texts });
		return { details: host.details, meanImageBytes };
	} finally {
		await host.stop();
	}
}

test("a request of one's own, several processes, and a wrong answer", () =>
	withTiers(
		{
			"request.js":
				"export default (text) => ({ method: 'GET', target: '/?text=' + text });",
			"tiers/wrong.js":
				'export default { title: "wrong", generate: async (text) => text };',
			"tiers/broken.js":
				'export default { title: "broken", generate: () => { throw new Error("no"); } };',
		},
		async (directory) => {
			const { details, meanImageBytes } = await verify(directory, "right");
			const { node } = process.versions;
			assert.equal(details, `Node ${node}, processes: 2`);
			assert.equal(meanImageBytes, (3 + 3 + 4) / 3);
			await assert.rejects(verify(directory, "wrong"), {
				message: 'the answer to the text "one" (3 bytes): it is one',
			});
			await assert.rejects(
				verify(directory, "broken"),
				/the text "one" \(3 bytes\): it was answered with status 500/,
			);
		},
	));

test("what a directory lacks is named by its file", async () => {
	const rows = [
		[{ "corpus.js": null }, /corpus\.js is missing: it has an object of lists/],
		[
			{ "corpus.js": "export default {};" },
			/corpus\.js must export by default/,
		],
		[{ "corpus.js": "export default { a: [1] };" }, /corpus\.js must export/],
		[{ "verify.js": "export default 1;" }, /verify\.js must export by default/],
		[{ "verify.js": "import 'nowhere';" }, /verify\.js can't be loaded: /],
		[{ "request.js": "export default 1;" }, /request\.js must export/],
		[{ "tiers/right.js": null }, /There are no tiers in .*tiers\./],
		[
			{ "tiers/bad.js": "export default {};" },
			/bad\.js must export by default/,
		],
	];
	for (const [files, sentence] of rows)
		await withTiers(files, (directory) =>
			assert.rejects(createDirectorySubject(directory, {}), sentence),
		);
});

test("tiers and kinds of texts that aren't there", async () => {
	const choose = (change) =>
		createDirectorySubject(example, {
			selections: null,
			kinds: null,
			...change,
		});
	await assert.rejects(
		choose({ selections: [{ id: "js" }] }),
		/There is no tier "js" in digest; there are command, in-process, node-http\./,
	);
	await assert.rejects(choose({ kinds: ["mid"] }), /there are short, long\./);
	const { texts } = await choose({ kinds: ["long"] });
	assert.equal(texts.get("long").length, 64);
	const { row } = await findRow(example, "command");
	assert.deepEqual([row.id, row.width, row.transport], ["command", null, null]);
});
