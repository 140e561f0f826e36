// How late the open loop's sender is, and whether its latencies are what queueing theory says: npm run on-time
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { assignCpus } from "../../../bench/hosts/cpus.js";
import { startHost } from "../../../bench/hosts/host.js";
import { watchNeighbours } from "../../../bench/hosts/neighbours.js";
import { makeSchedule } from "../../../bench/load/arrivals.js";
import {
	openLoopRequests,
	runOpenLoop,
} from "../../../bench/load/open-loop.js";
import { runSender } from "../../../bench/load/sender.js";
import { createLoad } from "../../../bench/load/workload.js";
import { describeLatencies } from "../../../bench/results/histogram.js";
import { createCeiling } from "../../../bench/subjects/ceiling.js";
import { loadTexts } from "../../../bench/subjects/texts.js";
import { launchTier } from "../../../bench/subjects/tiers.js";

const queueServer = path.join(
	import.meta.dirname,
	"../../../build/Release/queue_server",
);
const directory = tmpdir();
const connections = 64;
const shares = [0.1, 0.5, 0.8, 1, 1.2, 1.5];
const serviceMs = 1;
const stallMs = 200;
const stalled = [1500, 2500, 3500, 4500];
const percents = [50, 90, 99, 99.9];

const cpus = assignCpus(1);
const pinned = (list) => (cpus.areShared ? undefined : list);

/** Of a histogram: the values in µs at some percents. */
function percentilesUs(histogram) {
	const { percentiles } = describeLatencies(histogram);
	return percents.map(
		(wanted) =>
			(percentiles.find(({ percent }) => percent === wanted)?.ms ?? 0) * 1000,
	);
}

const columns = (values, digits = 0) =>
	values.map((value) => value.toFixed(digits).padStart(9)).join("");

/** What else uses the machine, for a line. */
const machine = (share) =>
	`${(100 * share).toFixed(0).padStart(5)} %  ${readFileSync("/proc/loadavg", "utf8").split(" ")[0]}`;

async function withHost(launch, use) {
	const host = await startHost({ ...launch, cpus: pinned(cpus.server) });
	try {
		return await use(host);
	} finally {
		await host.stop();
	}
}

async function findPeak(row, texts) {
	const load = await createLoad(row, texts, { directory });
	return withHost(launchTier(row), async (host) => {
		const { requests, seconds } = await load(host, 0, {
			connections,
			durationSeconds: 2,
			cpus: pinned(cpus.generator),
		});
		return requests / seconds;
	});
}

async function runOnce(row, load) {
	return withHost(launchTier(row), async ({ url }) => {
		const endWatch = watchNeighbours();
		const options = { directory, cpus: pinned(cpus.generator) };
		const { lag, fromDue } = await runOpenLoop({ ...load, url }, options);
		return { late: percentilesUs(lag), fromDue, others: endWatch() };
	});
}

/** Of the loads at a rate those with the smallest and the median 99th percentile of lateness: other programs add to it, nothing takes from it. */
async function showLateness(row, texts, { seconds, times }) {
	const peak = await findPeak({ ...row, id: "server" }, texts);
	console.log(
		`The C server's closed-loop peak: ${peak.toFixed(0)} requests/s. The constant server at shares of it; µs; CPUs: ${cpus.areShared ? "shared" : "one each"}.\n`,
	);
	console.log(
		`  rate/s         ${["late p50", "p90", "p99", "p99.9", "due p50", "p90", "p99"].map((name) => name.padStart(9)).join("")}  others, load`,
	);
	const requests = openLoopRequests(row, texts);
	for (const share of shares) {
		const ratePerSecond = share * peak;
		const load = {
			requests,
			ratePerSecond,
			durationSeconds: seconds,
			connections,
		};
		const results = [];
		for (let i = 0; i < times; i++) results.push(await runOnce(row, load));
		results.sort((a, b) => a.late[2] - b.late[2]);
		const median = results[Math.floor(times / 2)];
		for (const [name, { late, fromDue, others }] of [
			["best", results[0]],
			["median", median],
		])
			console.log(
				`${ratePerSecond.toFixed(0).padStart(8)} ${name.padEnd(8)}${columns(late)}${columns(percentilesUs(fromDue).slice(0, 3))}${machine(others)}`,
			);
	}
}

/** The latencies in ms of a queue with one clerk (Lindley), who takes so long for each. */
function simulate(schedule, serviceOf) {
	let freeMs = 0;
	return Array.from(schedule, (dueMs, i) => {
		freeMs = Math.max(dueMs, freeMs) + serviceOf(i);
		return freeMs - dueMs;
	});
}

const toHistogram = (latencies) => {
	const histogram = new Map();
	for (const ms of latencies) {
		const us = Math.round(ms * 1000);
		histogram.set(us, (histogram.get(us) ?? 0) + 1);
	}
	return histogram;
};

const describe = (histogram) => {
	const { latencyMs } = describeLatencies(histogram);
	return [
		latencyMs.mean,
		latencyMs.p50,
		latencyMs.p90,
		latencyMs.p99,
		latencyMs.max,
	];
};

async function compareWithTheory(name, schedule, stalls, formulaMs) {
	const times = [serviceMs * 1000, stallMs * 1000, ...stalls].map(String);
	await withHost({ command: queueServer, args: times }, async ({ url }) => {
		const endWatch = watchNeighbours();
		const requests = Array.from(schedule, (_, i) => ({
			method: "GET",
			target: `/${i}`,
		}));
		const { fromDue, lag } = await runSender(
			{
				url,
				requests,
				schedule,
				durationSeconds: schedule[schedule.length - 1] / 1000,
				connections,
				mostConnections: 1000,
				timeoutSeconds: 10,
			},
			{ directory, cpus: pinned(cpus.generator) },
		);
		const others = endWatch();
		const expected = simulate(
			schedule,
			(i) => serviceMs + (stalls.includes(i) ? stallMs : 0),
		);
		const formula =
			formulaMs === undefined ? "" : `   formula: mean ${formulaMs.toFixed(3)}`;
		console.log(`${name}${formula}`);
		console.log(`  computed  ${columns(describe(toHistogram(expected)), 3)}`);
		console.log(
			`  measured  ${columns(describe(fromDue), 3)}   late p99 ${percentilesUs(lag)[2]} µs, others ${machine(others)}`,
		);
	});
}

/** Mean latency of M/D/1 (Pollaczek and Khinchine), in ms. */
const pollaczekKhinchine = (load) =>
	serviceMs + (load * serviceMs) / (2 * (1 - load));

async function showTheory(seconds) {
	const at = (ratePerSecond) => ({ ratePerSecond, durationSeconds: seconds });
	console.log(
		`\nLatency from when requests were due, in ms, of a queue whose service takes ${serviceMs} ms.\n`,
	);
	console.log(
		`            ${["mean", "p50", "p90", "p99", "max"].map((name) => name.padStart(9)).join("")}`,
	);
	for (const load of [0.8])
		await compareWithTheory(
			`D/D/1, ${load}`,
			makeSchedule(at(load * 1000)),
			[],
			serviceMs,
		);
	for (const load of [0.5, 0.7, 0.9])
		await compareWithTheory(
			`M/D/1, ${load}`,
			makeSchedule({ arrivals: "poisson", ...at(load * 1000) }),
			[],
			pollaczekKhinchine(load),
		);
	await compareWithTheory("D/D/1, 1.1: overload", makeSchedule(at(1100)), []);
	await compareWithTheory(
		`D/D/1, 0.8, ${stalled.length} stalls of ${stallMs} ms`,
		makeSchedule(at(800)),
		stalled,
	);
}

function positive(value) {
	const number = Number(value);
	if (!(number > 0 && number <= 60))
		throw new InvalidArgumentError("Give a number above 0, up to 60.");
	return number;
}

const { seconds, times, theorySeconds } = new Command("npm run on-time --")
	.description(
		"How late the open loop's sender is at shares of the C server's closed-loop peak, and whether its latencies are what queueing theory says. It takes a minute.",
	)
	.option("--seconds <s>", "length of a load", positive, 0.5)
	.option("--times <n>", "loads at each rate", positive, 5)
	.option("--theory-seconds <s>", "length of a queue's load", positive, 5)
	.allowExcessArguments(false)
	.parse()
	.opts();
const texts = loadTexts("short");
const { row } = createCeiling(texts);
await showLateness(row, texts, { seconds, times });
await showTheory(theorySeconds);
