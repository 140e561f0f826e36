// Reads results for a report: also those of older kits, and those in which something is missing.

import { dimensions } from "../results/dimensions.js";
import { readUnchecked } from "../results/files.js";
import { checkResults, resultsSchema } from "../results/schema.js";
import { shortName } from "./charts/rows.js";

/** A row of version 1, in which all rows had the same settings, and requests were images. */
function upgradeRow(row, { settings, relativeTo }) {
	const { relative = {}, samples = [] } = row;
	const { connections, text, durationSeconds } = settings;
	const { generatorCpus, serverCpus, cpusAreShared } = settings;
	const ceiling = relative.ceiling && {
		id: relative.ceiling.id,
		cpuMicrosPerImage: relative.ceiling.cpuMicrosPerRequest,
	};
	return {
		connections,
		text,
		durationSeconds,
		...row,
		name: shortName(row),
		cpus: {
			generator: generatorCpus,
			server: serverCpus,
			areShared: cpusAreShared,
		},
		imagesPerSecond: row.requestsPerSecond,
		cpuMicrosPerImage: row.cpuMicrosPerRequest,
		relative: {
			to: relativeTo,
			imagesPerSecond: relative.requestsPerSecond,
			cpuMicrosPerImage: relative.cpuMicrosPerRequest,
			ceiling,
		},
		samples: samples.map((sample) => ({
			...sample,
			imagesPerSecond: sample.requestsPerSecond,
			cpuMicrosPerImage: sample.cpuMicrosPerRequest,
		})),
	};
}

function upgradeFrom1(results) {
	const { settings = {}, machine = {}, tiers = [], leftOut = [] } = results;
	const { text, textCount, meanTextBytes } = settings;
	const chosen = ["text", "connections", "node", "processes"].map((id) => [
		id,
		[settings[id]].filter((value) => value !== undefined),
	]);
	return {
		...results,
		machine: {
			...machine,
			generators: [machine.generator].filter(Boolean),
		},
		settings: {
			...settings,
			dimensions: Object.fromEntries(chosen),
			texts: [{ kind: text, count: textCount, meanBytes: meanTextBytes }],
		},
		rows: tiers.map((row) => upgradeRow(row, { ...results, settings })),
		leftOut: leftOut.map((row) => ({ ...row, name: shortName(row) })),
	};
}

/** In version 2 rows were called tiers, and goodput good. */
function upgradeFrom2({ tiers, ...results }) {
	const upgradePoint = ({ goodPerSecond, ...point }) => ({
		...point,
		goodputPerSecond: goodPerSecond,
	});
	const upgrade = (row) => ({
		...row,
		openLoop: row?.openLoop?.map(upgradePoint),
	});
	return {
		...results,
		rows: Array.isArray(tiers) ? tiers.map(upgrade) : tiers,
	};
}

/** In version 3 a row had one process, and its memory was divided with other programs. */
function upgradeFrom3(results) {
	const upgrade = ({ memoryBytes, idleCpuShare, ...row }) => ({
		...row,
		memoryBytes: memoryBytes && {
			peak: memoryBytes.pssPeak,
			idle: memoryBytes.pssIdle,
			isLowerBound: memoryBytes.isLowerBound,
		},
	});
	const { rows } = results;
	return { ...results, rows: Array.isArray(rows) ? rows.map(upgrade) : rows };
}

/** From a version to today's. */
const upgrades = new Map([
	[1, (results) => upgradeFrom3(upgradeFrom1(results))],
	[2, (results) => upgradeFrom3(upgradeFrom2(results))],
	[3, upgradeFrom3],
]);

const usual = new Map(
	dimensions.map(({ id, defaults: [first] }) => [id, first]),
);
const isRow = (path) => path.join() === "rows,*";
const isDimensions = (path) => path.join() === "settings,dimensions";

/** What stands for a value that is not there, where the schema wants one. */
function substitute(schema, path, id) {
	if (isRow(path) && usual.has(id)) return usual.get(id);
	if (isDimensions(path)) return [usual.get(id)];
	const types = [schema.type, ...(schema.anyOf ?? []).map(({ type }) => type)];
	if (types.flat().includes("null")) return null;
	const empty = { array: [], object: {}, boolean: false, string: "unknown" };
	return empty[schema.type] ?? 0;
}

const resolve = ({ $ref, ...schema }) =>
	$ref ? resultsSchema.$defs[$ref.split("/").at(-1)] : schema;

function completeObject(schema, value, path, absent) {
	const complete = ([id, found]) => {
		const inner = resolve(found);
		const isThere = value[id] !== undefined;
		const isWanted = schema.required?.includes(id);
		if (!isThere && !isWanted) return [];
		if (!isThere) absent.add([...path, id].filter((s) => s !== "*").join("."));
		const start = isThere ? value[id] : substitute(inner, path, id);
		// Of what is missing as a whole, the parts need no mention.
		const list = isThere ? absent : new Set();
		return [[id, completeValue(inner, start, [...path, id], list)]];
	};
	return Object.fromEntries(
		Object.entries(schema.properties).flatMap(complete),
	);
}

/** The value with all that the schema requires, and without what it doesn't know. */
function completeValue(schema, value, path, absent) {
	if (value === null) return value;
	const branch = schema.anyOf?.find(({ type }) => type === "object");
	const { properties, items } = branch ?? schema;
	if (properties && typeof value === "object" && !Array.isArray(value))
		return completeObject(branch ?? schema, value, path, absent);
	if (items && Array.isArray(value))
		return value.map((item) =>
			completeValue(resolve(items), item, [...path, "*"], absent),
		);
	return value;
}

/**
 * Results of any version up to today's, in today's form; what they lack is null, empty or usual, and named in `absent`. Throws a sentence
 * if they are of a later version or no results at all.
 * @type {(found: any) => Kit.Summary}
 */
export function completeResults(found) {
	const today = resultsSchema.properties.schemaVersion.const;
	const { schemaVersion } = found ?? {};
	if (!Number.isInteger(schemaVersion) || schemaVersion > today)
		checkResults(found);
	const upgrade = upgrades.get(schemaVersion) ?? ((results) => results);
	const absent = new Set();
	const results = completeValue(resultsSchema, upgrade(found), [], absent);
	results.schemaVersion = today;
	checkResults(results);
	return { ...results, absent: [...absent] };
}

/**
 * The results in a directory, or in a file, for a report. Throws a sentence if there are none.
 * @type {(directoryOrFile: string) => Kit.Summary}
 */
export const readForReport = (directoryOrFile) =>
	completeResults(readUnchecked(directoryOrFile));
