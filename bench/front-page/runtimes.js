// Where the package has run: what npm run test:runtimes -- --keep has found.
import { drawRows } from "../report/markdown-table.js";

/** @typedef {{ date: string, rows: { name: string, how: string, version: string, backend: string }[] }} Runtimes */

/**
 * One row for each way.
 * @type {(runtimes: Runtimes) => string}
 */
export function runtimesTable({ date, rows }) {
	const left = (head) => ({ head, align: "left" });
	const drawn = drawRows({
		columns: ["where", "version", "how", "`backend`"].map(left),
		groups: [
			rows.map(({ name, how, version, backend }) => [
				name,
				version,
				how,
				`\`${backend}\``,
			]),
		],
	});
	return `${drawn.replaceAll(/\\([`_])/g, "$1")}\n\n${date}, \`npm run test:runtimes\`, on Linux x64.`;
}
