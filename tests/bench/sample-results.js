// Results as a run leaves them, made up: the same figures each time.

import { completeResults } from "../../bench/report/read.js";
import { nameOf } from "../../bench/results/dimensions.js";

const machine = {
	cpu: "A CPU",
	cores: 2,
	memoryBytes: 8e9,
	kernel: "Linux 6.1",
	distribution: null,
	node: "v20.20.0",
	generators: ["wrk 4.1.0"],
	packages: ["express 5.0.0"],
	gitCommit: "abc1234",
};

const usual = {
	engine: null,
	text: "short",
	width: 200,
	connections: 64,
	node: "20.20.0",
	processes: 1,
	build: null,
	transport: "get",
	batchSize: 1,
	isAgain: false,
	commit: "here",
};

const spread = (median) => ({ median, low: 0.9 * median, high: 1.2 * median });
const failures = { connect: 0, read: 0, write: 0, timeout: 0, status: 0 };
const noRatio = {
	ratio: 1,
	low: null,
	high: null,
	rounds: 6,
	distinguishable: null,
};

function makeSample(round, rate, cpuMicros) {
	const share = 0.9 + round / 20;
	return {
		round,
		atSeconds: 10 * round,
		seconds: 1,
		requests: Math.round(rate),
		failures,
		requestsPerSecond: rate * share,
		imagesPerSecond: rate * share,
		cpuMicrosPerRequest: cpuMicros,
		cpuMicrosPerImage: cpuMicros,
		generatorCpuShare: 0.1,
		foreignCpuShare: 0,
		memory: { idle: 2e7, peak: 5e7, isLowerBound: false },
		bytesReceived: 1000,
		bytesSent: 100,
	};
}

function describeLatency(rate) {
	const ms = 64_000 / rate;
	const at = [50, 90, 99, 99.9, 100];
	return {
		latencyMs: {
			mean: ms,
			min: ms / 2,
			p50: ms,
			p90: 2 * ms,
			p99: 4 * ms,
			max: 9 * ms,
		},
		percentiles: at.map((percent, i) => ({ percent, ms: ms * (i + 1) ** 1.4 })),
		histogram: [
			{ fromMs: 1, toMs: 2, count: Math.round(rate) },
			{ fromMs: 2, toMs: 5, count: Math.round(3 * rate) },
			{ fromMs: 5, toMs: 10, count: 7 },
		],
	};
}

/** A row of results.json; `rate`: images a second. Relative to itself. */
export function makeReportRow({ rate = 100, ...row }) {
	const cpuMicros = 1e6 / rate;
	const whole = { ...usual, ...row };
	// Like the kit, which does not mention the Node version that it runs on.
	const name = row.name ?? nameOf({ ...usual, node: undefined, ...row });
	return {
		...whole,
		name,
		durationSeconds: 1,
		rounds: 6,
		cpus: { generator: [0], server: [1], areShared: false },
		requestsPerSecond: spread(rate),
		imagesPerSecond: spread(rate),
		...describeLatency(rate),
		responseBytes: { mean: 513.2 },
		memoryBytes: { peak: 5e7, idle: 2e7, isLowerBound: false },
		cpuMicrosPerRequest: spread(cpuMicros),
		cpuMicrosPerImage: spread(cpuMicros),
		failures,
		startupMs: 120,
		relative: {
			to: name,
			imagesPerSecond: noRatio,
			cpuMicrosPerImage: noRatio,
			ceiling: null,
		},
		noise: null,
		generatorCpuShare: 0.1,
		warmUpSeconds: 1,
		foreignCpuShare: { median: 0, low: 0, high: 0 },
		repeats: 0,
		cpuSystemShare: 0.25,
		details: `tier ${row.id}`,
		problem: null,
		samples: [1, 2, 3, 4, 5, 6].map((i) => makeSample(i, rate, cpuMicros)),
		...row,
	};
}

/** That row in relation to another, `ratio` times as fast, give or take a tenth of it. */
export function relate(row, to, ratio) {
	const around = (value) => ({
		ratio: value,
		low: 0.9 * value,
		high: 1.1 * value,
		rounds: 6,
		distinguishable: 0.9 * value > 1 || 1.1 * value < 1,
	});
	return {
		...row,
		relative: {
			to,
			imagesPerSecond: around(ratio),
			ceiling: null,
			cpuMicrosPerImage: around(1 / ratio),
		},
	};
}

/** A whole results.json with these rows; `changes` to its outermost fields. */
export function makeResults(rows, changes = {}) {
	return completeResults({
		schemaVersion: 4,
		isComplete: true,
		machine,
		rows,
		startedAt: "2026-01-31T12:00:00.000Z",
		leftOut: [],
		skipped: [],
		endedAt: "2026-01-31T12:05:00.000Z",
		settings: {
			engines: ["reference", "fast"],
			rounds: 6,
			limitMinutes: 10,
			durationSeconds: 1,
			warmUpSeconds: 1,
			dimensions: {},
			command: "npm run bench",
			texts: [{ kind: "short", count: 128, meanBytes: 49 }],
		},
		...changes,
	});
}

/** js, and three that are faster. */
export function makeUsualResults(changes) {
	const fast = { engine: "fast", build: "release" };
	return makeResults(
		[
			makeReportRow({ id: "js", rate: 280 }),
			relate(makeReportRow({ id: "addon", rate: 10_000, ...fast }), "js", 36),
			relate(
				makeReportRow({ id: "server", rate: 92_400, node: null, ...fast }),
				"js",
				330,
			),
			relate(makeReportRow({ id: "constant", rate: 11_200 }), "js", 40),
		],
		changes,
	);
}

/** The product of connections, transports, Node versions and three tiers. */
export function makeManyResults() {
	const rows = [];
	for (const connections of [1, 16, 64, 256])
		for (const transport of ["get", "post-json"])
			for (const node of ["20.20.0", "26.1.0"])
				for (const [i, id] of ["js", "addon", "worker"].entries())
					rows.push({ id, connections, transport, node, rate: 100 * 9 ** i });
	for (const connections of [1, 16, 64, 256])
		rows.push({ id: "server", connections, node: null, rate: 90_000 });
	return makeResults(rows.map(makeReportRow));
}

/** What might be done with a text that gets into a report. */
export const hostileTexts = [
	"<script>globalThis.hit = 1</script>",
	'"><img src=x onerror="globalThis.hit = 2">',
	"' onmouseover='globalThis.hit = 3",
	"</title></style></svg></desc><script>globalThis.hit = 4</script>",
	"<!-- ]]> &lt;b&gt; &#60;b&#62;",
	"`x` | **b** [l](https://evil.example/) <b>$x$</b> ~~s~~",
	"a\nb\r\n# heading\n- item",
	"\x1b[2J\x1b]0;title\x07\x9b31m red",
	"\u202eright to left\u2066 \u2028 \ufeff \ud800 \ufffe \0",
];

/** Whether a text steers a terminal, or hides something in it. */
export const hasControls = (text) =>
	/\p{Cc}|\p{Cf}/u.test(text.replace(/[\n\t]/g, ""));

/** Results in which every free text is that one. */
export function makeHostileResults(text) {
	const base = makeReportRow({
		id: "js",
		rate: 300,
		details: text,
		name: text,
	});
	const other = makeReportRow({
		id: text,
		rate: 900,
		engine: text,
		problem: text,
	});
	const strings = { cpu: text, kernel: text, distribution: text };
	return makeResults(
		[base, relate({ ...other, name: `2 ${text}`, text }, text, 3)],
		{
			machine: {
				...machine,
				...strings,
				generators: [text],
				packages: [text],
				gitCommit: text,
			},
			startedAt: text,
			leftOut: [{ name: text, id: text, engine: null, reason: text }],
			skipped: [{ id: text, reason: text }],
			settings: {
				engines: [text],
				rounds: 6,
				limitMinutes: 1,
				command: text,
				durationSeconds: 1,
				warmUpSeconds: 1,
				dimensions: { text: [text], node: [text] },
				texts: [{ kind: text, count: 1, meanBytes: 1 }],
			},
		},
	);
}

/** The usual results, and what an open loop found of two of the rows. */
export function makeOpenLoopResults() {
	const results = makeUsualResults();
	const points = [0.1, 0.5, 0.9, 2].map((share) => ({
		wanted: `${100 * share}%`,
		loads: 3,
		isGeneratorLimited: share > 1,
		failures,
		due: 1000,
		answered: 1000,
		generatorCpuShare: 0.2,
		percentiles: [],
		p99FromSendMs: 1,
		p99LagMs: 0.1,
		share,
	}));
	for (const row of results.rows.slice(0, 2))
		row.openLoop = points.map(({ share, ...point }) => {
			const ratePerSecond = share * row.requestsPerSecond.median;
			const ms = 2 / Math.max(0.02, 1 - share);
			return {
				...point,
				ratePerSecond,
				sentPerSecond: ratePerSecond,
				goodputPerSecond: spread(Math.min(1, share) * ratePerSecond),
				latencyMs: {
					mean: ms,
					min: 1,
					p50: ms,
					p90: ms,
					p99: 3 * ms,
					max: 9 * ms,
				},
			};
		});
	return completeResults(results);
}

const change = (ratio) => ({
	a: { median: 100 },
	b: { median: 100 * ratio },
	rounds: [6, 6],
	ratio,
	low: 0.97 * ratio,
	high: 1.03 * ratio,
	imagesPerSecond: 100,
});

export function makeChange(name, ratio, verdict) {
	const figures = { imagesPerSecond: 100, cpuMicrosPerImage: 50 };
	return {
		name,
		control: "js",
		verdict,
		figures: ["imagesPerSecond"],
		a: figures,
		b: figures,
		imagesPerSecond: change(ratio),
		cpuMicrosPerImage: change(1 / ratio),
	};
}

const usualChanges = [
	makeChange("addon@fast", 1.2, "faster"),
	makeChange("server@fast", 0.8, "slower"),
	makeChange("cli", 1.01, "not distinguishable"),
];

/** What compareRuns() gives; `text` is in all its texts. */
export function makeComparison(text = "abc", rows = usualChanges) {
	const side = { gitCommit: text, startedAt: text, isComplete: true };
	return {
		kind: "runs",
		level: 0.95,
		a: side,
		b: side,
		rows,
		differences: [text],
		controls: [],
		onlyInA: [text],
		onlyInB: [],
		failed: [{ name: text, reason: text }],
	};
}
