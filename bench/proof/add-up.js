// What runs of bench:proof come to.
import { layOut } from "../report/text-table.js";
import { halfWidth, mean, median } from "../results/statistics.js";

const percent = (share, digits = 0) => `${(100 * share).toFixed(digits)} %`;
const holds = ({ low, high }) => low <= 1 && high >= 1;
/** More work is fewer images a second, and more time for each. */
const isFound = { rate: ({ high }) => high < 1, cpu: ({ low }) => low > 1 };
const isWrong = { rate: ({ low }) => low > 1, cpu: ({ high }) => high < 1 };

const showRatio = ({ ratio, low, high }) =>
	`${ratio.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`;

/**
 * A line on one run.
 * @type {(run: Kit.ProofRun, runs: number) => string}
 */
export function describeRun(
	{ n, isBusy, seconds, rate, cpu, foreignCpuShare },
	runs,
) {
	return `run ${n} of ${runs} · ${isBusy ? "busy" : "quiet"} · rate ${showRatio(rate)} · CPU ${showRatio(cpu)} · others ${percent(foreignCpuShare)} · ${seconds.toFixed(0)} s`;
}

const geometricMean = (ratios) =>
	Math.exp(mean(ratios.map(({ ratio }) => Math.log(ratio))));

function sumUp(name, runs, isPlanted) {
	const of = (figure) => runs.map((run) => run[figure]);
	const count = (figure, is) => `${of(figure).filter(is).length}`;
	const width = (figure) =>
		percent(
			Number(median(of(figure).map((ratio) => Number(halfWidth(ratio))))),
			1,
		);
	const counts = isPlanted
		? [
				count("rate", isFound.rate),
				count("cpu", isFound.cpu),
				`${runs.filter(({ rate, cpu }) => isFound.rate(rate) || isFound.cpu(cpu)).length}`,
				`${runs.filter(({ rate, cpu }) => isWrong.rate(rate) || isWrong.cpu(cpu)).length}`,
			]
		: [count("rate", holds), count("cpu", holds)];
	return [
		name,
		`${runs.length}`,
		...counts,
		geometricMean(of("rate")).toFixed(3),
		geometricMean(of("cpu")).toFixed(3),
		width("rate"),
		width("cpu"),
		percent(mean(of("foreignCpuShare"))),
		Number(median(of("seconds"))).toFixed(0),
	];
}

const makeColumns = (isPlanted) => {
	const counts = isPlanted
		? ["found\nby rate", "found\nby CPU", "by\neither", "wrong\nway"]
		: ["held 1\nby rate", "held 1\nby CPU"];
	const others = [
		"mean\nrate",
		"mean\nCPU",
		"± of\nrate",
		"± of\nCPU",
		"others",
		"s\na run",
	];
	const right = ["runs", ...counts, ...others].map((head) => ({
		head,
		align: "right",
	}));
	return /** @type {Kit.Column[]} */ ([{ head: "", align: "left" }, ...right]);
};

/**
 * The sums over quiet runs, busy ones and all, as a table.
 * @type {(runs: Kit.ProofRun[], options: { kind: string, tier: string, planted: number | null, copy: Kit.PlantedCopy | null, kitOptions: string[] }) => string}
 */
export function addUp(runs, { kind, tier, planted, copy, kitOptions }) {
	const groups = [
		["quiet", runs.filter(({ isBusy }) => !isBusy)],
		["busy", runs.filter(({ isBusy }) => isBusy)],
		["all", runs],
	];
	const rows = groups
		.filter(([, list]) => list.length)
		.map(([name, list]) => sumUp(name, list, planted !== null));
	const what = copy
		? `${percent(Number(planted))} more work (by its calibration ${percent(copy.low, 1)} to ${percent(copy.high, 1)})`
		: "the same code twice";
	return `${kind}, ${tier}, ${kitOptions.join(" ")}: ${what}
${layOut(makeColumns(planted !== null), rows)}
Means are geometric, of the second measurement relative to the first. ± is half of an interval, in the
median run. Others: what other programs used of the CPUs, the busy neighbour included.
`;
}
