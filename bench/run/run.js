// One run of the kit: each tier alone (start-up, verification, memory), then warm-up, then rounds that rotate over the tiers.

import { engineIn, nodeIn } from "../hosts/host.js";
import {
	cpuSeconds,
	memoryBytes,
	reapedCpuSeconds,
	systemCpuSeconds,
	watchMemory,
} from "../hosts/process-tree.js";
import { settle, whileAlive } from "../hosts/settle.js";
import { parametersOf } from "../load/batches.js";
import { openClient } from "../load/transports.js";
import { createLoad } from "../load/workload.js";
import { connectionsFor } from "../results/dimensions.js";
import {
	addRound,
	addTier,
	findEntry,
	recordFailure,
	writeResults,
} from "../results/results.js";
import { warnOfMemory } from "./memory-check.js";
import { passes, runOpenLoops } from "./open-loop-phase.js";
import { planRounds } from "./rounds.js";
import { verifyRow } from "./verify.js";

const startsPerTier = 3;
// Requests that are cut off when a round ends cost CPU time and are not counted: a round is to be longer than this many of them.
const requestsPerConnection = 4;
const longestRoundSeconds = 30;

/** About how long a step of each phase takes, for createProgress(). */
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
function start({ signal }, tier) {
	const { areShared, server } = tier.cpus;
	return tier.subject.start(tier, {
		signal,
		cpus: areShared ? undefined : server,
	});
}

/** Empty for a server that others have started. */
async function measureStartups(context, tier) {
	const startupMs = [];
	for (let i = 0; i < startsPerTier; i += 1)
		startupMs.push(await measureStartup(context, tier));
	return startupMs.filter((ms) => ms !== null);
}

/** Milliseconds from the start of the process to the first whole image; on all CPUs, since nothing else runs. */
async function measureStartup({ texts, signal }, tier) {
	const host = await tier.subject.start(tier, { signal });
	if (host.pid === null) return null;
	const [text] = texts.get(tier.text);
	try {
		const fetchFirst = async () => {
			const client = await openClient(host, tier, signal);
			await client.fetchImages([text], parametersOf(tier));
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
async function loadHost({ loads, signal }, tier, host, round) {
	const { run, durationSeconds } = loads.get(tier);
	const { cpus } = tier;
	const before = cpuTimes(host);
	let after = before;
	const generator = run(host, round, {
		durationSeconds,
		connections: connectionsFor(tier),
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
function chooseDuration({ settings }, tier, requestMs) {
	const cycleSeconds =
		(requestMs / 1000) * Math.max(1, connectionsFor(tier) / tier.processes);
	const wanted = Math.ceil(10 * requestsPerConnection * cycleSeconds) / 10;
	return Math.max(
		settings.durationSeconds,
		Math.min(wanted, longestRoundSeconds),
	);
}

async function measureMemory(context, tier, host) {
	const reapedBefore = reapedCpuSeconds(host.pid);
	const stopWatching = watchMemory(host.pid);
	let peak;
	try {
		await loadHost(context, tier, host, 0);
	} finally {
		peak = stopWatching();
	}
	// Children that came and went may have peaked between two samples.
	const isLowerBound = reapedCpuSeconds(host.pid) > reapedBefore;
	return { ...peak, isLowerBound };
}

/** The engine that does the work: what was asked for, or the host's own choice. */
function checkEngine(tier, details) {
	const engine = engineIn(details);
	if (tier.engine !== null && engine !== tier.engine)
		throw new Error(
			`it was told to use the engine ${tier.engine}, but says that it uses ${engine ?? "none"}`,
		);
	return engine;
}

async function verify(context, tier, host, engine) {
	const { directory, loads, signal } = context;
	const texts = context.texts.get(tier.text);
	const verdict = await whileAlive(
		host,
		verifyRow({ row: tier, host, engine }, { texts, signal }),
	);
	const durationSeconds = chooseDuration(context, tier, verdict.requestMs);
	const run = await createLoad(tier, texts, { directory, ...verdict });
	loads.set(tier, { run, durationSeconds });
	return { durationSeconds, meanImageBytes: verdict.meanImageBytes };
}

/** Start-up, verification and memory, with no other host alive. */
async function prepare(context, tier) {
	const { results, progress } = context;
	const { name } = tier;
	progress.begin("prepare", `${name}: start-up`);
	const startupMs = await measureStartups(context, tier);
	const host = await start(context, tier);
	try {
		const { details } = host;
		const { pss: pssIdle } = memoryBytes(host.pid);
		const engine = checkEngine(tier, details);
		progress.say(`${name}: verification`);
		const verified = await verify(context, tier, host, engine);
		const { cpus } = tier;
		const found = { engine, node: nodeIn(details), details, cpus };
		const entry = addTier(results, { tier, ...found, ...verified });
		entry.startupMs = startupMs;
		if (host.pid !== null) {
			progress.say(`${name}: memory`);
			const peak = await measureMemory(context, tier, host);
			entry.memory = { pssIdle, ...peak };
		}
		progress.note(`${name}: verified (${details})`);
	} finally {
		await host.stop();
	}
	progress.end();
}

async function warmUp(context, tier) {
	const { progress, hosts, signal } = context;
	progress.begin("warm-up", `${tier.name}: warm-up`);
	const host = await start(context, tier);
	hosts.set(tier, host);
	await loadHost(context, tier, host, 0);
	await settle(host, signal);
	progress.end();
}

/** Notes what a host did since its last round; while others are measured it should do nothing. */
function recordIdleTime(entry, host) {
	if (host.quietSince && host.pid !== null) {
		entry.idle.cpuSeconds += cpuSeconds(host.pid) - host.quietSince.cpuSeconds;
		entry.idle.seconds += (performance.now() - host.quietSince.atMs) / 1000;
	}
}

async function measureRound(context, tier, round) {
	const { progress, hosts, results, signal } = context;
	const host = hosts.get(tier);
	const entry = findEntry(results, tier);
	progress.begin("round", `round ${round}: ${tier.name}`);
	recordIdleTime(entry, host);
	const measured = await loadHost(context, tier, host, round);
	addRound(results, entry, round, measured);
	await settle(host, signal);
	host.quietSince = {
		cpuSeconds: cpuSeconds(host.pid),
		atMs: performance.now(),
	};
	progress.end();
}

/** Takes one step with each tier. One that fails is recorded, its host stopped, and the others go on; they are returned. */
async function forEachTier(context, tiers, step) {
	const { results, progress, hosts, signal } = context;
	const left = [];
	for (const tier of tiers) {
		try {
			await step(tier);
			left.push(tier);
		} catch (error) {
			signal.throwIfAborted();
			const reason = recordFailure(results, tier, error);
			progress.note(`${tier.name}: left out from here on: ${reason}`);
			await hosts.get(tier)?.stop();
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

/** Round after round, as long as the plan wants more; each begins with another tier, so that drift hits all alike. */
async function runRounds(context, tiers, takeStep) {
	const { settings, progress, results } = context;
	const plan = planRounds(settings);
	let left = tiers;
	for (let round = 1; left.length && plan.wantsMore(results); round += 1) {
		const expected = plan.roundsLeft(round);
		progress.expect("round", left.length * expected);
		progress.milestone(`round ${round}${plan.suffix}`);
		left = await takeStep(left, (_, tier) =>
			measureRound(context, tier, round),
		);
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
	let tiers = await prepareRows(context);
	const takeStep = (left, step) =>
		forEachTier(context, left, (tier) => step(context, tier));
	const expect = () => {
		progress.expect("warm-up", tiers.length);
		const rounds = planRounds(settings).roundsLeft(1);
		progress.expect("round", tiers.length * rounds);
		const loads = passes * (settings.rates?.length ?? 0);
		progress.expect("open loop", tiers.length * loads);
	};

	progress.expect("prepare", tiers.length);
	expect();
	tiers = await takeStep(tiers, prepare);
	const warning = warnOfMemory(context.results.entries);
	if (warning) progress.note(warning);
	expect();
	progress.milestone("warm-up");
	tiers = await takeStep(tiers, warmUp);
	tiers = await runRounds(context, tiers, takeStep);
	await runOpenLoops(context, tiers, takeStep);
}

/**
 * Runs it all; what is measured goes to context.results, and to its file after every step. Whatever happens, no host is left
 * running. Rejects with the signal's reason if that comes.
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
