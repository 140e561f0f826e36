// Counts how many of the cases qrcode and qr-tiers pass, and says why those that one fails are so: npm run test:drop-in
import { createRequire } from "node:module";
import Table from "cli-table3";
import { readDifferences } from "./migrating.js";
import { loadCases, runCases } from "./run.js";

const require = createRequire(import.meta.url);
const names = ["qrcode", "qr-tiers"];

function countTable(cases, failures) {
	const table = new Table({
		head: [
			"",
			...names.map(
				(name) => `${name} ${require(`${name}/package.json`).version}`,
			),
		],
		colAligns: ["left", "right", "right"],
		style: { head: [], border: [], compact: true },
	});
	const passedBy = (name, group) =>
		group.filter((one) => !failures[name][cases.indexOf(one)]).length;
	const addRow = (title, group) =>
		table.push([
			title,
			...names.map((name) => `${passedBy(name, group)} of ${group.length}`),
		]);
	for (const call of new Set(cases.map((one) => one.call)))
		addRow(
			call,
			cases.filter((one) => one.call === call),
		);
	addRow("all", cases);
	return table.toString();
}

function listDifferences(cases, name) {
	const lines = [];
	for (const difference of readDifferences()) {
		const rows = cases.filter(
			({ marks }) => marks.fails === name && marks.see === difference.what,
		);
		if (rows.length === 0) continue;
		lines.push(`  ${difference.what}. ${difference.why}`);
		for (const { call, says } of rows) lines.push(`    ${call}: ${says}`);
	}
	return lines;
}

/** Cases that a package fails without a reason in the table, or passes although there is one. */
function surprises(cases, failures) {
	return names.flatMap((name) =>
		cases.flatMap(({ call, says, marks }, i) => {
			const error = failures[name][i];
			if (Boolean(error) === (marks.fails === name)) return [];
			const what = error ? error.message : "passes, and is said to fail";
			return [`  ${name}: ${call}: ${says}: ${what}`];
		}),
	);
}

const cases = await loadCases();
const failures = {};
for (const name of names) failures[name] = await runCases(cases, name);
console.log(countTable(cases, failures));
for (const name of names)
	console.log(
		[`\nWhat ${name} fails, and why:`, ...listDifferences(cases, name)].join(
			"\n",
		),
	);
const unexplained = surprises(cases, failures);
if (unexplained.length > 0) {
	console.error(["\nUnexplained:", ...unexplained].join("\n"));
	process.exitCode = 1;
}
