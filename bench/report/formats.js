// The figures of a run as other programs take them, to draw them over time and to raise alarms.

const nsPerMs = 1e6;
const percent = (share) => `${(100 * share).toFixed(1)} %`;

/** Half of what lies between the lowest and the highest round, as a share of the median. */
const rangeOf = ({ median, low, high }) =>
	`± ${percent((high - low) / 2 / median)}`;

const isKnown = ({ value }) => value !== null;

/** For https://github.com/benchmark-action/github-action-benchmark, which wants a file for each direction. */
function githubBigger({ rows }) {
	return rows.map(({ name, requestsPerSecond }) => ({
		name: `${name}: requests/s`,
		unit: "requests/s",
		value: requestsPerSecond.median,
		range: rangeOf(requestsPerSecond),
	}));
}

function githubSmaller({ rows }) {
	return rows.flatMap(({ name, ...row }) =>
		[
			{
				name: `${name}: CPU time of a request`,
				unit: "µs",
				value: row.cpuMicrosPerRequest.median,
				range: rangeOf(row.cpuMicrosPerRequest),
			},
			{ name: `${name}: p99`, unit: "ms", value: row.latencyMs.p99 },
			{
				name: `${name}: peak memory`,
				unit: "bytes",
				value: row.memoryBytes.peak,
			},
		].filter(isKnown),
	);
}

const metric = ({ median, low, high }, factor = 1) => ({
	value: median === null ? null : median * factor,
	lower_value: low * factor,
	upper_value: high * factor,
});

/** The Bencher Metric Format, https://bencher.dev/bmf.json. `latency` and `throughput` are its own, in ns and operations a second. */
function bencher({ rows }) {
	return Object.fromEntries(
		rows.map(({ name, ...row }) => {
			const { mean, p99 } = row.latencyMs;
			const measures = {
				throughput: metric(row.requestsPerSecond),
				latency: { value: mean === null ? null : mean * nsPerMs },
				"latency-p99": { value: p99 === null ? null : p99 * nsPerMs },
				"cpu-time": metric(row.cpuMicrosPerRequest, 1000),
				"peak-memory": { value: row.memoryBytes.peak },
			};
			const known = Object.entries(measures).filter(([, one]) => isKnown(one));
			return [name, Object.fromEntries(known)];
		}),
	);
}

/** Format → [name of a file, what is in it]. */
const formats = {
	"github-action-benchmark": [
		["github-bigger-is-better.json", githubBigger],
		["github-smaller-is-better.json", githubSmaller],
	],
	bencher: [["bencher.json", bencher]],
};

export const formatNames = Object.keys(formats);

/**
 * [{ name, text }]: the files of those formats.
 * @type {(results: Kit.Summary, names: string[]) => { name: string, text: string }[]}
 */
export function makeFormats(results, names) {
	const measured = results.rows.filter(({ rounds }) => rounds > 0);
	return names
		.flatMap((name) => formats[name])
		.map(([name, make]) => {
			const data = make({ ...results, rows: measured });
			return { name, text: `${JSON.stringify(data, null, "\t")}\n` };
		});
}
