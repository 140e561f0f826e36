// The package's calls beside npm qrcode's, and its images beside other libraries': what npm run bench:package -- --keep has measured.
import { drawRows } from "../report/markdown-table.js";

/** @typedef {{ micros: number, nbytes: number }} ImageFigures */
/**
 * @typedef {object} Figures
 * @property {string} date
 * @property {string} node
 * @property {string} cpu
 * @property {number} cpuCount
 * @property {string} command
 * @property {{ name: string, micros: number, ratio: number }[]} calls
 * @property {{ name: string, what: string, version: string, png?: ImageFigures, svg?: ImageFigures }[]} libraries
 * @property {{ name: string, cpuMs: number }[]} commands
 */

/** The calls that the front page shows, and what they are there. */
const shown = new Map([
	["toDataURL", "`toDataURL`"],
	["toBuffer", "`toBuffer`, as a promise"],
	["toBufferSync : toBuffer", "`toBufferSync`, beside its `toBuffer`"],
	["the same, width 300", "the same, 300 px wide"],
	["toString, svg", "`toString`, SVG"],
	["first image, with require", "first image of a process, with `require`"],
]);

const left = (head) => ({ head, align: "left" });
const right = (head) => ({ head, align: "right" });

/** Names are code, in which drawRows() needn't escape anything. */
function draw(columns, rows) {
	const drawn = drawRows({ columns, groups: [rows] });
	return drawn.replaceAll(/\\([`_])/g, "$1");
}

/** 12,345; with a digit behind the point below 100. */
function formatCount(value) {
	const digits = value < 100 ? 1 : 0;
	return value.toLocaleString("en-US", {
		minimumFractionDigits: digits,
		maximumFractionDigits: digits,
	});
}

const times = (ratio) =>
	ratio < 10
		? `${ratio.toFixed(1)}x`
		: `${formatCount(Math.round(ratio)).replace(/\.0$/, "")}x`;

/** The versions of Node, the oldest first. @type {(all: Record<string, Figures>) => Figures[]} */
const byNode = (all) =>
	Object.values(all).sort(
		(a, b) => Number.parseInt(a.node, 10) - Number.parseInt(b.node, 10),
	);

/**
 * How many times as fast as qrcode's each call is, by versions of Node.
 * @type {(all: Record<string, Figures>) => string}
 */
export function callsTable(all) {
	const runs = byNode(all);
	const callOf = (run, name) => run.calls.find((call) => call.name === name);
	const rows = [...shown].map(([name, what]) => [
		what,
		`${formatCount(callOf(runs[0], name).micros)} µs`,
		...runs.map((run) => times(callOf(run, name).ratio)),
	]);
	const columns = [
		left("a call"),
		right("CPU time"),
		...runs.map(({ node }) => right(`Node ${Number.parseInt(node, 10)}`)),
	];
	return draw(columns, rows);
}

/**
 * Where, when and how.
 * @type {(all: Record<string, Figures>) => string}
 */
export function callsProvenance(all) {
	const runs = byNode(all);
	const [{ date, command, cpu, cpuCount, node }] = runs;
	return `${date}, \`${command}\`: 5,000 URLs of 50 bytes, in turns in one process, beside \`qrcode\` 1.5.4; ${cpu}, ${cpuCount} cores with other work, Node ${runs.map((run) => run.node).join(" and ")}. CPU time is that of Node ${node}.`;
}

/** @type {(figures?: ImageFigures) => string[]} */
const cellsOf = (figures) =>
	figures
		? [
				formatCount(figures.micros),
				formatCount(Math.round(figures.nbytes)).replace(/\.0$/, ""),
			]
		: ["–", "–"];

/**
 * What other libraries take for the same code, on the oldest version of Node.
 * @type {(all: Record<string, Figures>) => string}
 */
export function librariesTable(all) {
	const [{ libraries, commands }] = byNode(all);
	const columns = [
		left("library"),
		left("what it is"),
		right("PNG, µs"),
		right("bytes"),
		right("SVG, µs"),
		right("bytes"),
	];
	const rows = libraries.map(({ name, version, what, png, svg }) => [
		`${name.replaceAll(/^(?!lib)(.*)$/g, "`$1`")} ${version}`,
		what,
		...cellsOf(png),
		...cellsOf(svg),
	]);
	const started = commands.map(
		({ name, cpuMs }) => `\`${name}\` ${cpuMs.toFixed(1)} ms`,
	);
	const note = started.length
		? `\n\nAs commands, started for each code: ${started.join(", ")} of CPU time.`
		: "";
	return draw(columns, rows) + note;
}
