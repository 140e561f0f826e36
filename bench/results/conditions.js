// Conditions on the figures of a run, such as p99>20ms or addon: ratio<10x: what a gate fails on.
import { mostForeignShare } from "./compare.js";
import { reportedPercentiles } from "./histogram.js";

const timeUnits = { ms: 1, s: 1000, us: 0.001, µs: 0.001 };
const sizeUnits = { MB: 1, kB: 0.001, MiB: 1.048576, GB: 1000, B: 1e-6 };
const multiples = { x: 1, "%": 0.01 };
const sumOf = (counts) => Object.values(counts).reduce((a, b) => a + b, 0);

const time = (pick, what) => ({ what, units: timeUnits, pick, isTimed: true });
const ratio = (figure, what) => ({
	what,
	units: multiples,
	isTimed: true,
	isRatio: true,
	/** Of the base there is none. */
	pick: ({ name, relative }) =>
		relative.to === name ? null : relative[figure],
});

/**
 * `units`: what a value is multiplied with, the first being the unit that is shown; `isTimed`: a busy machine changes it; `isRatio`: it has an
 * interval.
 * @type {Record<string, Kit.ConditionFigure>}
 */
const figures = {
	mean: time(({ latencyMs }) => latencyMs.mean, "mean latency"),
	max: time(({ latencyMs }) => latencyMs.max, "highest latency"),
	rate: {
		what: "requests a second",
		units: { "/s": 1 },
		isTimed: true,
		pick: ({ requestsPerSecond }) => requestsPerSecond.median,
	},
	ratio: ratio("imagesPerSecond", "rate, as a multiple of the base's"),
	cpu: {
		what: "CPU time of a request",
		units: { µs: 1, us: 1, ms: 1000 },
		isTimed: true,
		pick: ({ cpuMicrosPerRequest }) => cpuMicrosPerRequest.median,
	},
	"cpu-ratio": ratio(
		"cpuMicrosPerImage",
		"CPU time, as a multiple of the base's",
	),
	memory: {
		what: "peak memory",
		units: sizeUnits,
		pick: ({ memoryBytes }) =>
			memoryBytes.peak === null ? null : memoryBytes.peak / 1e6,
	},
	errors: {
		what: "failed requests, in all rounds; with % of all requests",
		units: { "": 1, "%": 1 },
		pick: ({ failures, totals }, unit) =>
			unit === "%" ? 100 * (1 - totals.successRatio) : sumOf(failures),
	},
	bytes: {
		what: "bytes of an image",
		units: { B: 1, kB: 1000 },
		pick: ({ responseBytes }) => responseBytes.mean,
	},
	start: time(({ startupMs }) => startupMs, "first image after the start"),
};

const percentile = (percent) =>
	time(
		({ percentiles }) =>
			percentiles.find((other) => other.percent === percent)?.ms ?? null,
		`percentile ${percent} of the latency`,
	);

function findFigure(name) {
	const [, digits] = /^p(\d{1,2}(?:\.\d)?)$/.exec(name) ?? [];
	if (digits)
		return reportedPercentiles.includes(Number(digits))
			? percentile(Number(digits))
			: null;
	return Object.hasOwn(figures, name) ? figures[name] : null;
}

/** What figures can be named, as [name, what it is, unit]. */
export const conditionFigures = [
	[
		reportedPercentiles
			.filter((percent) => percent < 100)
			.map((percent) => `p${percent}`)
			.join(" "),
		"percentile of the latency",
		"ms",
	],
	...Object.entries(figures).map(([name, { what, units }]) => [
		name,
		what,
		Object.keys(units)[0],
	]),
];

const form =
	/^(?:(?<row>[^:<>]+):)? *(?<name>[a-z][a-z0-9.-]*)(?:@(?<rate>[\d.]+%?))? *(?<operator>[<>]=?) *(?<digits>\d+(?:\.\d+)?) *(?<unit>[a-zµA-Z%/]*)$/;

const comparisons = {
	"<": (a, b) => a < b,
	"<=": (a, b) => a <= b,
	">": (a, b) => a > b,
	">=": (a, b) => a >= b,
};

/**
 * "addon: p99@50%>20ms" as what judgeConditions() takes; null if it can't be one. What follows @ is a rate of the open loop.
 * @type {(text: string) => Kit.Condition | null}
 */
export function parseCondition(text) {
	const { row, name, rate, operator, digits, unit } =
		form.exec(text.trim())?.groups ?? {};
	const figure = name === undefined ? null : findFigure(name);
	if (!figure) return null;
	const usual = Object.keys(figure.units)[0];
	const given = unit || usual;
	if (!Object.hasOwn(figure.units, given)) return null;
	const isOfOpenLoop = figure.units === timeUnits && name !== "start";
	if (rate !== undefined && !isOfOpenLoop && name !== "errors") return null;
	return {
		text: text.trim(),
		row: row?.trim() ?? null,
		rate: rate ?? null,
		figure,
		unit: name === "errors" ? given : usual,
		operator,
		limit: Number(digits) * figure.units[given],
	};
}

/** The row, or its load at a rate of the open loop, which has the same figures of latency and failures. */
function findPlace(row, { rate }) {
	if (rate === null) return row;
	const point = row.openLoop.find(({ wanted }) => wanted === rate);
	if (!point) return null;
	const successRatio = 1 - sumOf(point.failures) / point.due;
	return { ...point, totals: { successRatio } };
}

/** A ratio is past the limit only if all of its interval is. */
function isPast(value, { figure, operator, limit }) {
	const isBeyond = comparisons[operator];
	if (!figure.isRatio) return isBeyond(value, limit);
	const near = operator.startsWith("<") ? value.high : value.low;
	return near !== null && isBeyond(near, limit);
}

function judgeCondition(rows, condition) {
	const { figure, row: wanted, unit } = condition;
	const judged = rows
		.filter(({ id, name }) => wanted === null || [id, name].includes(wanted))
		.map((row) => ({ name: row.name, place: findPlace(row, condition) }))
		.map(({ name, place }) => ({
			name,
			value: place && figure.pick(place, unit),
		}))
		.filter(
			({ value }) =>
				value !== null && (!figure.isRatio || value.ratio !== null),
		);
	return {
		condition,
		judged: judged.length,
		past: judged.filter(({ value }) => isPast(value, condition)),
	};
}

/**
 * Which rows are past which limits: [{ condition, judged: rows that have the figure, past: [{ name, value }], isTooBusy: others used so much of the
 * CPUs that it isn't judged, unless that is forced }]
 * @type {(results: Pick<Kit.Summary, "rows">, conditions: Kit.Condition[], options?: { force?: boolean }) => Kit.JudgedCondition[]}
 */
export function judgeConditions({ rows }, conditions, { force = false } = {}) {
	const measured = rows.filter(({ rounds }) => rounds > 0);
	const foreign = Math.max(
		0,
		...measured.map(({ foreignCpuShare }) => foreignCpuShare.median ?? 0),
	);
	const isTooBusy = !force && foreign > mostForeignShare;
	return conditions.map((condition) => ({
		...judgeCondition(measured, condition),
		isTooBusy: isTooBusy && !!condition.figure.isTimed,
	}));
}
