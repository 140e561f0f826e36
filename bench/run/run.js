// One run of the kit: each row alone (start-up, verification, memory), then warm-up, then rounds that rotate over the rows.
import { engineIn, nodeIn } from "../hosts/host.js";
import {
	cpuSeconds,
	memoryBytes,
	reapedCpuSeconds,
	systemCpuSeconds,
	watchMemory,
} from "../hosts/process-tree.js";
import { settle, whileAlive } from "../hosts/settle.js";
import { openClient } from "../load/client.js";
import { createLoad } from "../load/workload.js";
import { connectionsFor, parametersOf } from "../results/dimensions.js";
import {
	addMeasurement,
	addRound,
	findMeasurement,
	recordFailure,
	writeResults,
} from "../results/results.js";
import { warnOfMemory } from "./memory-check.js";
import { passes, runOpenLoops } from "./open-loop-phase.js";
import { planRounds } from "./rounds.js";
import { verifyRow } from "./verify.js";

// Requests that are cut off when a round ends cost CPU time and are not counted: a round is to be longer than this many of them.
const requestsPerConnection = 4;
const longestRoundSeconds = 30;

/**
 * About how long a step of each phase takes, for createProgress().
 * @type {(settings: { durationSeconds: number }) => Record<string, number>}
 */
export function expectedSeconds({ durationSeconds }) {
	return {
		find: 2,
		prepare: durationSeconds + 4,
		"warm-up": durationSeconds + 0.5,
		round: durationSeconds + 0.15,
		"open loop": durationSeconds + 1,
	};
}

/** Starts a host on the CPUs that are the servers'. */
function start({ signal }, row) {
	const { areShared, server } = row.cpus;
	return row.subject.start(row, {
		signal,
		cpus: areShared ? undefined : server,
	});
}

/** Empty for a server that others have started. */
async function measureStartups(context, row) {
	const startupMs = [];
	for (let i = 0; i < context.startsPerRow; i += 1)
		startupMs.push(await measureStartup(context, row));
	return startupMs.filter((ms) => ms !== null);
}

/** Milliseconds from the start of the process to the first whole image; on all CPUs, since nothing else runs. */
async function measureStartup({ texts, signal }, row) {
	const host = await row.subject.start(row, { signal });
	if (host.pid === null) return null;
	const [text] = texts.get(row.text);
	try {
		const fetchFirst = async () => {
			const client = await openClient(host, row.exchange, signal);
			await client.fetchImages([text], parametersOf(row));
			client.close();
		};
		await whileAlive(host, fetchFirst());
		return performance.now() - host.startedAtMs;
	} finally {
		await host.stop();
	}
}

function cpuTimes({ pid }) {
	return { all: cpuSeconds(pid), system: systemCpuSeconds(pid) };
}

/** Puts load on a host; its CPU time is read when the load ends, before it goes on with what was cut off. */
async function loadHost({ loads, signal }, row, host, round) {
	const { run, durationSeconds } = loads.get(row);
	const { cpus } = row;
	const before = cpuTimes(host);
	let after = before;
	const generator = run(host, round, {
		durationSeconds,
		connections: connectionsFor(row),
		signal,
		cpus: cpus.areShared ? undefined : cpus.generator,
		onLoadEnd: () => {
			after = cpuTimes(host);
		},
	});
	const load = await whileAlive(host, generator);
	if (load.requests === load.failures.status)
		throw new Error(
			load.requests === 0
				? `no request was answered within ${durationSeconds} s`
				: `no request succeeded (${JSON.stringify(load.failures)})`,
		);
	if (host.pid === null) return { load, cpuSeconds: null };
	return {
		load,
		cpuSeconds: after.all - before.all,
		systemCpuSeconds: after.system - before.system,
	};
}

/** How long the rounds of a row are: longer than those of others where its requests take long. */
function chooseDuration({ settings }, row, requestMs) {
	const cycleSeconds =
		(requestMs / 1000) * Math.max(1, connectionsFor(row) / row.processes);
	const wanted = Math.ceil(10 * requestsPerConnection * cycleSeconds) / 10;
	return Math.max(
		settings.durationSeconds,
		Math.min(wanted, longestRoundSeconds),
	);
}

async function measureMemory(context, row, host) {
	const reapedBefore = reapedCpuSeconds(host.pid);
	const stopWatching = watchMemory(host.pid);
	let peak;
	try {
		await loadHost(context, row, host, 0);
	} finally {
		peak = stopWatching();
	}
	// Children that came and went may have peaked between two samples.
	const isLowerBound = reapedCpuSeconds(host.pid) > reapedBefore;
	return { ...peak, isLowerBound };
}

/** The engine that does the work: what was asked for, or the host's own choice. */
function checkEngine(row, details) {
	const engine = engineIn(details);
	if (row.engine !== null && engine !== row.engine)
		throw new Error(
			`it was told to use the engine ${row.engine}, but says that it uses ${engine ?? "none"}`,
		);
	return engine;
}

async function verify(context, row, host, engine) {
	const { directory, loads, signal } = context;
	const texts = context.texts.get(row.text);
	const verdict = await whileAlive(
		host,
		verifyRow({ row, host, engine }, { texts, signal }),
	);
	const durationSeconds = chooseDuration(context, row, verdict.requestMs);
	const run = await createLoad(row, texts, { directory, ...verdict });
	loads.set(row, { run, durationSeconds });
	return { durationSeconds, meanImageBytes: verdict.meanImageBytes };
}

/** Start-up, verification and memory, with no other host alive. */
async function prepare(context, row) {
	const { results, progress } = context;
	const { name } = row;
	progress.begin("prepare", `${name}: start-up`);
	const startupMs = await measureStartups(context, row);
	const host = await start(context, row);
	try {
		const { details } = host;
		const { pss: pssIdle } = memoryBytes(host.pid);
		const engine = checkEngine(row, details);
		progress.say(`${name}: verification`);
		const verified = await verify(context, row, host, engine);
		const { cpus } = row;
		const found = { engine, node: nodeIn(details), details, cpus };
		const measurement = addMeasurement(results, { row, ...found, ...verified });
		measurement.startupMs = startupMs;
		if (host.pid !== null) {
			progress.say(`${name}: memory`);
			const peak = await measureMemory(context, row, host);
			measurement.memory = { pssIdle, ...peak };
		}
		progress.note(`${name}: verified (${details})`);
	} finally {
		await host.stop();
	}
	progress.end();
}

async function warmUp(context, row) {
	const { progress, hosts, signal } = context;
	progress.begin("warm-up", `${row.name}: warm-up`);
	const host = await start(context, row);
	hosts.set(row, host);
	await loadHost(context, row, host, 0);
	await settle(host, signal);
	progress.end();
}

/** Notes what a host did since its last round; while others are measured it should do nothing. */
function recordIdleTime(measurement, host) {
	if (host.quietSince && host.pid !== null) {
		measurement.idle.cpuSeconds +=
			cpuSeconds(host.pid) - host.quietSince.cpuSeconds;
		measurement.idle.seconds +=
			(performance.now() - host.quietSince.atMs) / 1000;
	}
}

async function measureRound(context, row, round) {
	const { progress, hosts, results, signal } = context;
	const host = hosts.get(row);
	const measurement = findMeasurement(results, row);
	progress.begin("round", `round ${round}: ${row.name}`);
	recordIdleTime(measurement, host);
	const measured = await loadHost(context, row, host, round);
	addRound(results, measurement, round, measured);
	await settle(host, signal);
	host.quietSince = {
		cpuSeconds: cpuSeconds(host.pid),
		atMs: performance.now(),
	};
	progress.end();
}

/** Takes one step with each row. One that fails is recorded, its host stopped, and the others go on; they are returned. */
async function forEachRow(context, rows, step) {
	const { results, progress, hosts, signal } = context;
	const left = [];
	for (const row of rows) {
		try {
			await step(row);
			left.push(row);
		} catch (error) {
			signal.throwIfAborted();
			const reason = recordFailure(results, row, error);
			progress.note(`${row.name}: left out from here on: ${reason}`);
			await hosts.get(row)?.stop();
		}
		writeResults(results);
	}
	return left;
}

async function prepareRows({ progress, findRows, results }) {
	progress.expect("find", 1);
	progress.begin("find", "what there is to measure");
	const { rows, skipped } = await findRows();
	results.skipped = skipped;
	for (const { id, reason } of skipped) progress.note(`${id}: ${reason}`);
	progress.end();
	return rows;
}

/** Round after round, as long as the plan wants more; each begins with another row, so that drift hits all alike. */
async function runRounds(context, rows, takeStep) {
	const { settings, progress, results } = context;
	const plan = planRounds(settings);
	let left = rows;
	for (let round = 1; left.length && plan.wantsMore(results); round += 1) {
		const expected = plan.roundsLeft(round);
		progress.expect("round", left.length * expected);
		progress.milestone(`round ${round}${plan.suffix}`);
		left = await takeStep(left, (_, row) => measureRound(context, row, round));
		results.roundsDone = round;
		left.push(...left.splice(0, 1));
	}
	return left;
}

/** A generator that can't be calibrated is no reason not to measure. */
async function findGeneratorLimit({ calibrate, results, progress }) {
	if (!calibrate) return;
	progress.note("calibration: what the generator can drive here");
	try {
		results.calibration = await calibrate();
	} catch (error) {
		results.calibration = null;
		progress.note(`no calibration: ${error.message}`);
	}
}

async function runPhases(context) {
	const { progress, settings } = context;
	await findGeneratorLimit(context);
	context.signal.throwIfAborted();
	let rows = await prepareRows(context);
	const takeStep = (left, step) =>
		forEachRow(context, left, (row) => step(context, row));
	const expect = () => {
		progress.expect("warm-up", rows.length);
		const rounds = planRounds(settings).roundsLeft(1);
		progress.expect("round", rows.length * rounds);
		const loads = passes * (settings.rates?.length ?? 0);
		progress.expect("open loop", rows.length * loads);
	};

	progress.expect("prepare", rows.length);
	expect();
	rows = await takeStep(rows, prepare);
	const warning = warnOfMemory(context.results.measurements);
	if (warning) progress.note(warning);
	expect();
	progress.milestone("warm-up");
	rows = await takeStep(rows, warmUp);
	rows = await runRounds(context, rows, takeStep);
	await runOpenLoops(context, rows, takeStep);
}

/**
 * Runs it all; what is measured goes to context.results, and to its file after every step. Whatever happens, no host is left
 * running. Rejects with the signal's reason if that comes.
 * @type {(context: Kit.Context) => Promise<void>}
 */
export async function run(settled) {
	const context = { ...settled, hosts: new Map(), loads: new Map() };
	try {
		await runPhases(context);
		context.results.isComplete = true;
	} finally {
		await Promise.all([...context.hosts.values()].map((host) => host.stop()));
		context.progress.close();
		writeResults(context.results);
	}
}
