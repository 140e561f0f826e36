// Tiers of another hot function as a subject: a directory with tiers/*.js, corpus.js, verify.js and, if need be, request.js.
import { existsSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { assignCpus } from "../hosts/cpus.js";
import { startHost } from "../hosts/host.js";
import { nameOf } from "../results/dimensions.js";
import { createCeiling } from "./ceiling.js";
import { makeRows } from "./rows.js";
import { describeText, loadTexts } from "./texts.js";

const host = fileURLToPath(new URL("tier-host.js", import.meta.url));

/** How a text is sent unless request.js says otherwise; tier-host.js understands it. */
const postText = (text) => ({
	method: "POST",
	target: "/",
	contentType: "text/plain; charset=utf-8",
	body: Buffer.from(text),
});

/** @type {(makeRequest: (text: string) => Kit.Request) => Kit.HttpExchange} */
const exchangeBy = (makeRequest) => ({
	protocol: "http",
	request: ([text]) => makeRequest(text),
	read: ({ body }) => [body],
});

async function importDefault(path, isRight, what) {
	if (!existsSync(path)) throw new Error(`${path} is missing: it has ${what}.`);
	let value;
	try {
		({ default: value } = await import(pathToFileURL(path).href));
	} catch (error) {
		throw new Error(`${path} can't be loaded: ${error.message}`);
	}
	if (!isRight(value))
		throw new Error(`${path} must export by default ${what}.`);
	return value;
}

const isFunction = (value) => typeof value === "function";
const isCorpus = (value) =>
	value !== null &&
	typeof value === "object" &&
	Object.keys(value).length > 0 &&
	Object.values(value).every(
		(texts) =>
			Array.isArray(texts) &&
			texts.length > 0 &&
			texts.every((text) => typeof text === "string"),
	);
const isTier = (value) =>
	isFunction(value?.generate) !== isFunction(value?.launch);

async function loadTiers(directory) {
	const folder = join(directory, "tiers");
	const files = existsSync(folder) ? readdirSync(folder).sort() : [];
	const tiers = new Map();
	for (const file of files.filter((name) => name.endsWith(".js"))) {
		const what = "{ title, generate(text) } or { title, launch(options) }";
		const path = join(folder, file);
		tiers.set(basename(file, ".js"), {
			...(await importDefault(path, isTier, what)),
			path,
		});
	}
	if (tiers.size === 0) throw new Error(`There are no tiers in ${folder}.`);
	return tiers;
}

/**
 * Fulfils with { name, tiers: Map from id to what its file exports and its path, corpus: kind → texts, verifyAnswer(text, bytes, headers),
 * makeRequest(text) }. Rejects with a sentence that names the file that isn't right, and what it has to export.
 */
async function loadTierDirectory(path) {
	const directory = resolve(path);
	const file = (name) => join(directory, name);
	const makeRequest = existsSync(file("request.js"))
		? await importDefault(
				file("request.js"),
				isFunction,
				"a function that makes the request { method, target, contentType, body } from a text",
			)
		: postText;
	return {
		name: basename(directory),
		tiers: await loadTiers(directory),
		corpus: await importDefault(
			file("corpus.js"),
			isCorpus,
			"an object of lists of texts, by their kind",
		),
		verifyAnswer: await importDefault(
			file("verify.js"),
			isFunction,
			"a function (text, answer, headers) that throws if the answer is wrong",
		),
		makeRequest,
	};
}

/** The ids of the tiers that were asked for, or of all; throws a sentence for one that is not there. */
function chooseTiers({ tiers, name }, selections) {
	const known = [...tiers.keys()];
	for (const { id, engine } of selections ?? [])
		if (!known.includes(id) || engine)
			throw new Error(
				`There is no tier "${nameOf({ id, engine })}" in ${name}; there are ${known.join(", ")}.`,
			);
	return selections ? selections.map(({ id }) => id) : known;
}

/** The texts of some kinds, or of the first; throws a sentence if there is no such kind. */
function chooseTexts({ corpus, name }, kinds) {
	const known = Object.keys(corpus);
	for (const kind of kinds ?? [])
		if (!known.includes(kind))
			throw new Error(
				`There are no texts "${kind}" in ${name}; there are ${known.join(", ")}.`,
			);
	const chosen = kinds ?? known.slice(0, 1);
	return new Map(chosen.map((kind) => [kind, corpus[kind]]));
}

/** See makeRows(): what is about images doesn't concern it, nor a program of its own the version of Node. */
const fitTo = (tiers) => (wanted) => {
	if (wanted.batchSize > 1) return { reason: "takes one text at a time" };
	const none = { width: null, build: null, transport: null, commit: null };
	const row = { ...wanted, ...none };
	return { row: tiers.get(row.id).launch ? { ...row, node: null } : row };
};

function launchOf({ launch, path }, { processes, node }, nodePaths) {
	if (launch) return launch({ processes });
	return {
		command: nodePaths.get(node) ?? process.execPath,
		args: [host, path, "--port", "0", "--processes", `${processes}`],
	};
}

/** Rejects with the first answer that the directory's own verifier finds wrong. */
async function verifyBy(verifyAnswer, answers) {
	for await (const { text, answer, headers } of answers)
		try {
			await verifyAnswer(text, answer, headers);
		} catch (error) {
			throw new Error(`the answer to ${describeText(text)}: ${error.message}`);
		}
}

/**
 * Fulfils with the Subject of a tier directory, of the tiers and kinds of texts that were asked for, or all tiers and the first kind (null).
 * Rejects with a sentence if something is not there.
 * @type {(path: string, chosen: { selections: Kit.Selection[] | null, kinds: string[] | null }) => Promise<Kit.Subject>}
 */
export async function createDirectorySubject(path, { selections, kinds }) {
	const directory = await loadTierDirectory(path);
	const { name, tiers, makeRequest, verifyAnswer } = directory;
	const ids = chooseTiers(directory, selections);
	return {
		name,
		texts: chooseTexts(directory, kinds),
		packages: ["express"],
		ceiling: createCeiling(loadTexts("short")),
		async rows({ values, nodePaths }) {
			const chosen = ids.map((id) => ({ id }));
			const { rows, skipped } = makeRows(chosen, values, fitTo(tiers));
			const describe = (row) => ({
				...row,
				cpus: assignCpus(row.processes),
				exchange: exchangeBy(makeRequest),
				launch: () => launchOf(tiers.get(row.id), row, nodePaths),
			});
			return { rows: rows.map(describe), skipped };
		},
		start: (row, options) => startHost({ ...row.launch(), ...options }),
		verify: ({ answers }) => verifyBy(verifyAnswer, answers),
	};
}
