// What a step is worth at a load that is wanted: CPUs, and with prices money.
import { unitOfWork } from "../columns.js";
import { formatNumber, formatRange } from "../format.js";
import { ratioOf } from "./gain.js";

/** CPUs are to be busy to this share at most: beyond it queues grow, and so does p99. */
export const mostBusy = 0.6;
const hoursPerMonth = 730;

/**
 * CPUs that a row keeps busy at that load; null of a server that others have started.
 * @type {(row: Kit.SummaryRow, load: number | null) => number | null}
 */
export function busyCpus(row, load) {
	const micros = row.cpuMicrosPerImage.median;
	return micros === null || load === null ? null : (load * micros) / 1e6;
}

/**
 * Whole CPUs so that none is busier than mostBusy: nobody rents a part of one.
 * @type {(row: Kit.SummaryRow, load: number | null, times?: number | null) => number | null}
 */
export function neededCpus(row, load, times = 1) {
	const busy = busyCpus(row, load);
	return busy === null || times === null
		? null
		: Math.ceil((busy * times) / mostBusy);
}

/** Of so many CPUs; null if a price or figure is missing. */
const monthlyCost = (cpus, { cpuHourPrice }) =>
	cpus === null || cpuHourPrice === null
		? null
		: cpus * hoursPerMonth * cpuHourPrice;

/**
 * What a month costs less with `row` than with `other`, with the bounds that the interval of their CPU time gives; nulls for what isn't known.
 * @type {(row: Kit.SummaryRow, other: Kit.SummaryRow, settings: Kit.RunSettings) => { amount: number | null, low: number | null, high: number | null }}
 */
export function monthlySaving(row, other, settings) {
	const { load } = settings;
	const before = monthlyCost(neededCpus(other, load), settings);
	if (before === null) return { amount: null, low: null, high: null };
	const saved = (cpus) => {
		const cost = monthlyCost(cpus, settings);
		return cost === null ? null : before - cost;
	};
	const { low, high } = ratioOf(row, other, "cpuMicrosPerImage");
	return {
		amount: saved(neededCpus(row, load)),
		low: saved(neededCpus(other, load, high)),
		high: saved(neededCpus(other, load, low)),
	};
}

/**
 * 500 requests/s
 * @type {(results: Kit.Summary) => string}
 */
export const describeLoad = (results) =>
	`${formatNumber(results.settings.load)} ${unitOfWork(results)}s/s`;

/** In days of an engineer; never, if nothing is saved. */
function describeDays({ amount, low, high }, { engineerDayPrice }) {
	if (amount === null || engineerDayPrice === null) return "–";
	if (amount <= 0) return "never";
	const days = (value) => (value === null ? null : value / engineerDayPrice);
	const range = low === null ? "" : ` (${formatRange(days(low), days(high))})`;
	return `${formatNumber(days(amount))}${range}`;
}

const moneyColumns = [
	{ head: "a month\ncosts", align: "right" },
	{ head: "saved a\nmonth", align: "right" },
	{ head: "that is days\nof an engineer", align: "right" },
];

/**
 * What each step takes at the load that was asked about; null if none was.
 * @type {(facts: Kit.Facts) => Kit.Table | null}
 */
export function makeWorthTable({ base, steps, results }) {
	const { settings } = results;
	const { load, cpuHourPrice, engineerDayPrice } = settings;
	if (load === null) return null;
	const columns = moneyColumns.slice(
		0,
		cpuHourPrice === null ? 0 : engineerDayPrice === null ? 2 : 3,
	);
	const ofStep = ({ label, row }) => {
		const cpus = neededCpus(row, load);
		const saving = monthlySaving(row, base.row, settings);
		const isBase = row === base.row;
		return [
			label,
			formatNumber(busyCpus(row, load)),
			cpus === null ? "–" : cpus.toLocaleString("en-US"),
			...[
				formatNumber(monthlyCost(cpus, settings)),
				isBase ? "" : formatNumber(saving.amount),
				isBase ? "" : describeDays(saving, settings),
			].slice(0, columns.length),
		];
	};
	return {
		title: `What it takes for ${describeLoad(results)}`,
		columns: [
			{ head: "step", align: "left" },
			{ head: "CPUs\nbusy", align: "right" },
			{ head: "CPUs\nneeded", align: "right" },
			...columns,
		],
		groups: [[base, ...steps].map(ofStep)],
	};
}
