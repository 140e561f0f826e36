// The rows of a run: each tier in every combination of the other dimensions, without what does not exist.
import { dimensions, nameOf, product } from "../results/dimensions.js";
import { baseTier } from "../results/roles.js";

const workload = dimensions.filter(({ isWorkload }) => isWorkload);
const variants = dimensions.filter(({ isWorkload }) => !isWorkload);

/** Splits what is wanted into rows, each once, and what is to be said of the others; see makeRows(). */
function fitAll(wanted, fit) {
	const rows = new Map();
	const skipped = new Map();
	for (const one of wanted) {
		const { row, reason } = fit(one);
		if (row) {
			// A batch asked for by GET, too, comes where it is asked for as what it is.
			rows.delete(nameOf(row));
			rows.set(nameOf(row), row);
		} else skipped.set(`${one.id} ${reason}`, { id: one.id, reason });
	}
	return { rows: [...rows.values()], skipped: [...skipped.values()] };
}

/**
 * The product of tiers [{ id, engine? }] and `values` (dimension → list), the variants of a tier together. `fit(wanted)` gives { row } as it can be measured,
 * in which a dimension that doesn't concern the tier is null, or { reason } why it can't.
 * @type {(tiers: Kit.Selection[], values: Kit.Values, fit: Kit.Fit) => { rows: Kit.Combination[], skipped: Kit.Skipped[] }}
 */
export function makeRows(tiers, values, fit) {
	const wanted = product(workload, values).flatMap((load) =>
		tiers.flatMap((tier) =>
			product(variants, values).map((variant) => ({
				engine: null,
				...tier,
				...load,
				...variant,
			})),
		),
	);
	return fitAll(wanted, fit);
}

/** The base tier a second time: what differs between the two is chance. */
function addAgain(rows) {
	const base = rows.find(({ id }) => id === baseTier) ?? rows[0];
	return rows.flatMap((row) =>
		row.id === base?.id && row.engine === base.engine
			? [row, { ...row, isAgain: true }]
			: [row],
	);
}

/** Rows of several subjects, those that encode the same under the same load together. */
function sortByLoad(rows, values) {
	const place = (row) =>
		workload.reduce(
			(sum, { id }) => sum * values[id].length + values[id].indexOf(row[id]),
			0,
		);
	return rows.toSorted((a, b) => place(a) - place(b));
}

/**
 * All rows of the subjects: { rows, skipped: [{ id, reason }] }, grouped by what they encode. `again`: a second row of the base tier.
 * What is `wanted` is for the subjects, see Subject.
 * @type {(subjects: Kit.Subject[], wanted: Kit.Wanted & { again?: boolean }) => Promise<{ rows: Kit.Row[], skipped: Kit.Skipped[] }>}
 */
export async function findRows(subjects, { again, ...wanted }) {
	const found = [];
	for (const subject of subjects) {
		const { rows, skipped } = await subject.rows(wanted);
		found.push({ rows: rows.map((row) => ({ ...row, subject })), skipped });
	}
	const all = found.flatMap(({ rows }) => rows);
	const rows = subjects.length > 1 ? sortByLoad(all, wanted.values) : all;
	return {
		rows: (again ? addAgain(rows) : rows).map((row) => ({
			...row,
			name: nameOf(row),
		})),
		skipped: found.flatMap(({ skipped }) => skipped),
	};
}
