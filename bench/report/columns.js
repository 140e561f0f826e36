// The columns that tell rows apart, and the unit of work that the figures are given for.
import { nameOf, varyingDimensions } from "../results/dimensions.js";
import { ownFunction } from "../results/roles.js";

/**
 * "image" where some requests ask for several, else "request".
 * @type {(results: Kit.Summary) => string}
 */
export function unitOfWork({ rows }) {
	return rows.some(({ batchSize }) => batchSize > 1) ? "image" : "request";
}

/**
 * What is compared.
 * @type {(results: Kit.Summary) => string}
 */
export function titleOf({ settings }) {
	const what = settings.tierDirectory ?? ownFunction;
	return `${what}: the tiers compared`;
}

/**
 * What an answer is called.
 * @type {(results: Kit.Summary) => string}
 */
export const answerName = ({ settings }) =>
	settings.tierDirectory ? "answer" : "image";

/**
 * [head, cell(tier), align]: the tier, its engine, and every dimension in which rows differ.
 * @type {(results: Kit.Summary) => Kit.Cells}
 */
export function rowColumns({ rows }) {
	const varying = varyingDimensions(rows);
	return [
		["tier", ({ id, isAgain }) => (isAgain ? `${id} again` : id), "left"],
		["engine", ({ engine }) => engine ?? "–", "left"],
		...varying.map(({ id, head }) => {
			const isNumber = rows.every((row) => typeof row[id] === "number");
			return [head, (row) => `${row[id] ?? "–"}`, isNumber ? "right" : "left"];
		}),
	];
}

/** @type {(row: { failures: Kit.Failures }) => number} */
export function countFailures({ failures }) {
	return Object.values(failures).reduce((sum, count) => sum + count, 0);
}

/**
 * The same, with names of rows that leave out what is the same for all of them.
 * @type {(results: Kit.Summary) => Kit.Summary}
 */
export function withShortNames(results) {
	const varying = varyingDimensions(results.rows);
	const shorten = ({ id, engine, isAgain, ...row }) => {
		const values = varying.map(({ id }) => [id, row[id]]);
		return nameOf({ id, engine, isAgain, ...Object.fromEntries(values) });
	};
	const shortNames = new Map(
		results.rows.map((row) => [row.name, shorten(row)]),
	);
	const shortOf = (name) => shortNames.get(name) ?? name;
	const rows = results.rows.map((row) => ({
		...row,
		name: shortOf(row.name),
		relative: { ...row.relative, to: shortOf(row.relative.to) },
	}));
	return { ...results, rows };
}
