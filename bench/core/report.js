// The tables of bench:core.
import { formatNumber, formatRatio } from "../report/format.js";
import { median, pairedRatio } from "../results/statistics.js";
import {
	isOutput,
	makesModules,
	modulesOf,
	plainOutput,
} from "./contenders.js";

/** [faster, slower] of the ratios that the closing table is about. */
function wantedRatios(ids) {
	const fast = ids.filter((id) => /^fast:\d+$/.test(id));
	return [
		...fast.map((id) => [id, "bare"]),
		["reference", "bare"],
		["addon", "qr"],
		["addon", "lean-qr"],
		["addon", "qrcode-article"],
		["addon", "qrcode-defaults"],
		...fast.map((id) => [modulesOf(id), modulesOf("bare")]),
		...fast.slice(-1).map((id) => [modulesOf(id), modulesOf("qr")]),
	];
}

const micros = (samples) =>
	samples.map(({ cpuMicrosPerText }) => cpuMicrosPerText);

/** How many times as fast one is as another; null if either was not measured. */
function ratioOf(samples, fasterId, slowerId) {
	if (!samples[fasterId]?.length || !samples[slowerId]?.length) return null;
	const faster = micros(samples[fasterId]);
	return pairedRatio(
		micros(samples[slowerId])
			.slice(0, faster.length)
			.map((value, i) => [value, faster[i]]),
	);
}

const left = (head) => ({ head, align: "left" });
const right = (head) => ({ head, align: "right" });
const missing = "–";

function formatInterval(ratio) {
	if (ratio === null || ratio.low === null) return missing;
	return `${formatRatio(ratio.low)}–${formatRatio(ratio.high)}`.replaceAll(
		"x",
		"",
	);
}

function formatBytes(bytes) {
	return bytes ? bytes.toFixed(0) : missing;
}

function formatInstructions(count) {
	return formatNumber(count ?? null);
}

function contenderRow({ id, title }, control, { samples, instructions }) {
	const ratio = ratioOf(samples, id, control);
	return [
		id,
		title,
		formatNumber(median(micros(samples[id]))),
		formatRatio(ratio?.ratio ?? null),
		id === control ? "" : formatInterval(ratio),
		...(makesModules(id) ? [] : [formatBytes(samples[id][0]?.pngBytes)]),
		...(instructions ? [formatInstructions(instructions[id])] : []),
	];
}

/** `control`: the contender that the others are compared with. */
function contendersTable(title, contenders, control, corpus) {
	const isImages = !makesModules(control);
	const { instructions } = corpus;
	const zlibNineBytes = control === plainOutput ? null : corpus.zlibNineBytes;
	const lastRow = ["", "zlib level 9, Up on repeated rows"];
	const groups = [
		contenders.map((contender) => contenderRow(contender, control, corpus)),
	];
	if (isImages && zlibNineBytes)
		groups.push([
			[
				...lastRow,
				"",
				"",
				"",
				formatBytes(zlibNineBytes),
				...(instructions ? [""] : []),
			],
		]);
	return {
		title: `${title}, compared with ${control}`,
		columns: [
			left("contender"),
			left("what it is"),
			right("CPU µs\n/text"),
			right("times\nas fast"),
			right("95 %\ninterval"),
			...(isImages ? [right("bytes")] : []),
			...(instructions ? [right("instructions\n/text")] : []),
		],
		groups,
	};
}

/**
 * Tables for one corpus: images, symbols alone, and what the core draws of them.
 * @type {(kind: string, contenders: Kit.Contender[], control: string, corpus: Kit.Corpus) => Kit.Table[]}
 */
export function makeCorpusTables(kind, contenders, control, corpus) {
	const images = contenders.filter(
		({ id }) => !makesModules(id) && !isOutput(id),
	);
	const symbols = contenders.filter(({ id }) => makesModules(id));
	const hasControl = symbols.some(({ id }) => id === modulesOf(control));
	const symbolControl = modulesOf(hasControl ? control : "bare");
	return [
		contendersTable(`${kind}: text to PNG`, images, control, corpus),
		contendersTable(
			`${kind}: text to modules without an image`,
			symbols,
			symbolControl,
			corpus,
		),
		contendersTable(
			`${kind}: text to each output of engine fast`,
			contenders.filter(({ id }) => isOutput(id)),
			plainOutput,
			corpus,
		),
	].filter(({ groups: [rows] }) => rows.length > 0);
}

/**
 * Corpora in rows, and for each engine how many times as fast it is as in the other build.
 * @type {(other: { ref: string }, engines: string[], corpora: Kit.PairedCorpora) => Kit.Table}
 */
export function makeAgainstTable({ ref }, engines, corpora) {
	const cells = ({ micros }) => {
		const ratio = pairedRatio(micros.map(([own, other]) => [other, own]));
		const ours = median(micros.map(([own]) => own));
		return [
			formatNumber(ours),
			formatRatio(ratio.ratio),
			formatInterval(ratio),
		];
	};
	return {
		title: `Text to PNG, compared with ${ref}`,
		columns: [
			left("corpus"),
			...engines.flatMap((engine) => [
				right(`${engine}\nµs/text`),
				right("times\nas fast"),
				right("95 %\ninterval"),
			]),
		],
		groups: [
			Object.entries(corpora).map(([name, samples]) => [
				name,
				...engines.flatMap((engine) => cells(samples[engine])),
			]),
		],
	};
}

function sizeCells({ fast, effort, zlib, zopfli }) {
	const toZopfli = (bytes) => (zopfli === null ? null : bytes / zopfli);
	return [
		...[fast, effort, zlib, zopfli].map(formatBytes),
		formatRatio(fast / zlib),
		formatRatio(effort / zlib),
		formatRatio(toZopfli(fast)),
		formatRatio(toZopfli(effort)),
	];
}

/**
 * Sizes in rows, a group for each corpus.
 * @type {(corpora: Kit.SizesOfCorpora) => Kit.Table}
 */
export function makeSizesTable(corpora) {
	return {
		title: "Bytes of an image, compared with zlib and zopfli",
		columns: [
			left("corpus"),
			left("size"),
			...[
				"fast",
				"with\neffort",
				"zlib 9",
				"zopfli",
				"fast /\nzlib 9",
				"effort /\nzlib 9",
				"fast /\nzopfli",
				"effort /\nzopfli",
			].map(right),
		],
		groups: Object.entries(corpora).map(([kind, sizes]) =>
			Object.entries(sizes).map(([size, bytes]) => [
				kind,
				size,
				...sizeCells(bytes),
			]),
		),
	};
}

function bytesRow(corpora) {
	const cells = Object.values(corpora).flatMap(({ samples, zlibNineBytes }) => {
		const fast = Object.entries(samples).find(([id]) => id.startsWith("fast:"));
		const bytes = fast?.[1][0]?.pngBytes;
		return [formatRatio(bytes ? bytes / zlibNineBytes : null), ""];
	});
	return ["bytes: fast / zlib level 9", ...cells];
}

/**
 * The ratios that matter, side by side for all corpora.
 * @type {(contenders: Kit.Contender[], corpora: Record<string, Kit.Corpus>) => Kit.Table}
 */
export function makeRatioTable(contenders, corpora) {
	const kinds = Object.keys(corpora);
	const ids = contenders.map(({ id }) => id);
	const rows = wantedRatios(ids)
		.filter((pair) => pair.every((id) => ids.includes(id)))
		.map(([faster, slower]) => [
			`${faster} / ${slower}`,
			...kinds.flatMap((kind) => {
				const ratio = ratioOf(corpora[kind].samples, faster, slower);
				return [formatRatio(ratio?.ratio ?? null), formatInterval(ratio)];
			}),
		]);
	return {
		title: "Ratios",
		columns: [
			left("A / B: A is … times as fast as B"),
			...kinds.flatMap((kind) => [right(kind), right("95 %")]),
		],
		groups: [rows, [bytesRow(corpora)]].filter((group) => group.length > 0),
	};
}
