// docs/security.md says what is true: the limits, and the protections of our own binaries.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { factsOf, ownBinaries } from "../scripts/binary-facts.js";

const root = path.join(import.meta.dirname, "..");
const markdown = readFileSync(path.join(root, "docs/security.md"), "utf8");

/** [[cell, …], …] of the table below a heading. */
function tableBelow(heading) {
	const [, section] = markdown.split(`\n## ${heading}\n`);
	return section
		.split("\n## ")[0]
		.match(/^\|.*\|$/gm)
		.map((row) =>
			row
				.split("|")
				.slice(1, -1)
				.map((cell) => cell.trim()),
		);
}

const isLimit = (flag) => /^--(?:max-|.*-(?:timeout|delay)-ms$)/.test(flag);

/** Of a command's help: [flag, default] of each limit. */
function limitsOf(command, args) {
	const help = execFileSync(command, [...args, "--help"], {
		cwd: root,
		encoding: "utf8",
		env: { PATH: process.env.PATH },
	});
	return help
		.split(/\n(?= {2,6}(?:-\w, )?--)/)
		.map((option) => option.replace(/\s+/g, " ").trim())
		.map((option) => [
			/^(?:-\w, )?(--[\w-]+)/.exec(option)?.[1] ?? "",
			/\(default:? (\d+)/.exec(option)?.[1],
		])
		.filter(([flag]) => isLimit(flag));
}

const hosts = [
	["the C server", "build/Release/qrpng-server", [], 2],
	["the Node hosts", process.execPath, ["server/app.js"], 3],
];

const rows = tableBelow("Every limit");

for (const [name, command, args, column] of hosts)
	test(`every limit of ${name} is in the table, with its default`, () => {
		const limits = limitsOf(command, args);
		assert.ok(limits.length >= 9, `${limits}`);
		const told = limits.map(([flag]) => {
			const row = rows.find((cells) => cells[1] === `\`${flag}\``);
			return [flag, /^\d+/.exec(row?.[column] ?? "")?.[0]];
		});
		const isRelative = (flag) => flag === "--max-concurrency"; // to the CPUs
		const comparable = (list) => list.filter(([flag]) => !isRelative(flag));
		assert.deepEqual(comparable(told), comparable(limits));
	});

test("the table has no flag that there isn't", () => {
	const flags = hosts.flatMap(([, command, args]) =>
		limitsOf(command, args).map(([flag]) => flag),
	);
	const told = rows
		.map(([, cell]) => /^`(--[\w-]+)`$/.exec(cell)?.[1])
		.filter((flag) => flag !== undefined);
	assert.deepEqual(
		told.filter((flag) => !flags.includes(flag)),
		[],
	);
});

test("the protections of our binaries are those in the table", (t) => {
	if (process.arch !== "x64") return t.skip("the table is of x64");
	const [head, , ...facts] = tableBelow("The binaries");
	for (const file of ownBinaries) {
		const row = facts.find(([name]) => name === `\`${path.basename(file)}\``);
		const told = Object.fromEntries(
			head.slice(1).map((fact, i) => [fact, row[i + 1]]),
		);
		assert.deepEqual(told, factsOf(path.join(root, file)), file);
	}
});
