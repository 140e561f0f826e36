// Tiers from outside, of another hot function: a directory with tiers/*.js, corpus.js, verify.js and, if need be, request.js.
import { existsSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { nameOf } from "../results/dimensions.js";

const host = fileURLToPath(new URL("tier-host.js", import.meta.url));

/** How a text is sent unless request.js says otherwise; tier-host.js understands it. */
const postText = (text) => ({
	method: "POST",
	target: "/",
	contentType: "text/plain; charset=utf-8",
	body: Buffer.from(text),
});

async function importDefault(path, isRight, what) {
	if (!existsSync(path)) throw new Error(`${path} is missing: it has ${what}.`);
	let value;
	try {
		({ default: value } = await import(pathToFileURL(path)));
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
export async function loadTierDirectory(path) {
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

/** The selections of --tiers, or all; throws a sentence for one that is not there. */
export function selectTiers({ tiers, name }, selections) {
	const known = [...tiers.keys()];
	for (const { id, engine } of selections ?? [])
		if (!known.includes(id) || engine)
			throw new Error(
				`There is no tier "${nameOf({ id, engine })}" in ${name}; there are ${known.join(", ")}.`,
			);
	return (selections ?? known.map((id) => ({ id }))).map(({ id }) => ({
		...{ id, isOutside: true },
	}));
}

/** The texts of a kind; throws a sentence if there is no such kind. */
export function textsOf({ corpus, name }, kind) {
	if (!Object.hasOwn(corpus, kind))
		throw new Error(
			`There are no texts "${kind}" in ${name}; there are ${Object.keys(corpus).join(", ")}.`,
		);
	return corpus[kind];
}

/** { row } as it can be measured, or { reason } why it can't: what is about images doesn't concern it. */
export function fitOutside(wanted) {
	if (wanted.batchSize > 1) return { reason: "takes one text at a time" };
	const { width, build, transport, commit, ...row } = wanted;
	return {
		row: { ...row, width: null, build: null, transport: null, commit: null },
	};
}

/** A row as run() takes it; see describeTier(). */
export function describeOutside(row, directory, nodePaths) {
	const { tiers, makeRequest, verifyAnswer } = directory;
	const { launch, path } = tiers.get(row.id);
	const size = ["--port", "0", "--processes", `${row.processes}`];
	const described = launch ? { ...row, node: null } : row;
	return {
		...{ ...described, engine: null, isCeiling: false },
		...{ name: nameOf(described), makeRequest, verifyAnswer },
		launch: () =>
			launch?.({ processes: row.processes }) ?? {
				command: nodePaths.get(row.node) ?? process.execPath,
				args: [host, path, ...size],
			},
	};
}
