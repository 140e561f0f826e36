// One run of the kit: each tier alone (start-up, verification, memory), then warm-up, then rounds that rotate over the tiers.
import { setTimeout as sleep } from "node:timers/promises";
import { engineIn, nodeIn, startHost } from "./host.js";
import { get, targetFor } from "./http.js";
import { cpuSeconds, reapedCpuSeconds, watchMemory } from "./process-tree.js";
import { addRound, addTier, recordFailure, writeResults } from "./results.js";
import { nameOf } from "./tiers.js";
import { verifyTier } from "./verify.js";
import { runWrk } from "./wrk.js";

const startsPerTier = 3;
const endNoticeMs = 100;
const settleWindowMs = 50;
const settleLimitMs = 5000;
// One tick of the CPU clock may fall into any window.
const quietCpuSeconds = 0.01;

/** About how long a step of each phase takes, for createProgress(). */
export function expectedSeconds({ durationSeconds }) {
	return {
		find: 2,
		prepare: durationSeconds + 4,
		"warm-up": durationSeconds + 0.5,
		round: durationSeconds + 0.15,
	};
}

/** Starts a host on the CPUs that are the servers'. */
function start({ cpus, signal }, tier) {
	const pinned = cpus.areShared ? undefined : cpus.server;
	return startHost({ ...tier.launch(), cpus: pinned, signal });
}

/** What a task with a host gives; if the host ends meanwhile, that is the reason why the task failed. */
async function whileAlive(host, task) {
	let result;
	try {
		result = await task;
	} catch (error) {
		// A connection breaks before its host is seen to have ended.
		await sleep(endNoticeMs);
		await host.checkAlive();
		throw error;
	}
	await host.checkAlive();
	return result;
}

/** Milliseconds from the start of the process to the first whole image; on all CPUs, since nothing else runs. */
async function measureStartup(context, tier) {
	const host = await startHost({ ...tier.launch(), signal: context.signal });
	try {
		const [text] = context.texts;
		const answer = get(host.url, targetFor(text), context);
		const { status } = await whileAlive(host, answer);
		if (status !== 200)
			throw new Error(`its first answer had status ${status}`);
		return performance.now() - host.startedAtMs;
	} finally {
		await host.stop();
	}
}

/** Puts load on a host; its CPU time is read when the load ends, before it goes on with what was cut off. */
async function loadHost(context, host) {
	const { settings, cpus, targetsFile, signal } = context;
	const before = cpuSeconds(host.pid);
	let after = before;
	const wrkRun = runWrk({
		url: host.url,
		targetsFile,
		connections: settings.connections,
		durationSeconds: settings.durationSeconds,
		cpus: cpus.areShared ? undefined : cpus.generator,
		signal,
		onLoadEnd: () => {
			after = cpuSeconds(host.pid);
		},
	});
	const load = await whileAlive(host, wrkRun);
	if (load.requests === load.failures.status)
		throw new Error(`no request succeeded (${JSON.stringify(load.failures)})`);
	return { load, cpuSeconds: after - before };
}

/** Waits until a host has worked off what it had begun, so that the next tier has the CPUs for itself. */
async function settle(host, signal) {
	const deadlineMs = performance.now() + settleLimitMs;
	let before = cpuSeconds(host.pid);
	while (performance.now() < deadlineMs) {
		await sleep(settleWindowMs, null, { signal });
		const after = cpuSeconds(host.pid);
		if (after - before <= quietCpuSeconds) return;
		before = after;
	}
}

async function measureMemory(context, host) {
	const reapedBefore = reapedCpuSeconds(host.pid);
	const stopWatching = watchMemory(host.pid);
	let peak;
	try {
		await loadHost(context, host);
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

/** Start-up, verification and memory, with no other host alive. */
async function prepare(context, tier) {
	const { results, texts, references, signal, progress } = context;
	const name = nameOf(tier);
	const startupMs = [];
	progress.begin("prepare", `${name}: start-up`);
	for (let i = 0; i < startsPerTier; i += 1)
		startupMs.push(await measureStartup(context, tier));
	const host = await start(context, tier);
	try {
		const { url, details } = host;
		const engine = checkEngine(tier, details);
		progress.say(`${name}: verification`);
		const verdict = await whileAlive(
			host,
			verifyTier({ tier, url, engine }, { texts, references, signal }),
		);
		const node = nodeIn(details);
		const entry = addTier(results, { tier, engine, node, details, ...verdict });
		entry.startupMs = startupMs;
		progress.say(`${name}: memory`);
		entry.memory = await measureMemory(context, host);
		progress.note(`${name}: verified (${details})`);
	} finally {
		await host.stop();
	}
	progress.end();
}

async function warmUp(context, tier) {
	const { progress, hosts, signal } = context;
	progress.begin("warm-up", `${nameOf(tier)}: warm-up`);
	const host = await start(context, tier);
	hosts.set(tier, host);
	await loadHost(context, host);
	await settle(host, signal);
	progress.end();
}

/** Notes what a host did since its last round; while others are measured it should do nothing. */
function recordIdleTime(entry, host) {
	if (host.quietSince) {
		entry.idle.cpuSeconds += cpuSeconds(host.pid) - host.quietSince.cpuSeconds;
		entry.idle.seconds += (performance.now() - host.quietSince.atMs) / 1000;
	}
}

async function measureRound(context, tier, round) {
	const { progress, hosts, results, settings, signal } = context;
	const host = hosts.get(tier);
	const entry = results.entries.find((other) => other.tier === tier);
	progress.begin(
		"round",
		`round ${round} of ${settings.rounds}: ${nameOf(tier)}`,
	);
	recordIdleTime(entry, host);
	addRound(entry, round, await loadHost(context, host));
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
			progress.note(`${nameOf(tier)}: left out from here on: ${reason}`);
			await hosts.get(tier)?.stop();
		}
		writeResults(results);
	}
	return left;
}

async function findTiers({ progress, findTiers }) {
	progress.expect("find", 1);
	progress.begin("find", "what there is to measure");
	const tiers = await findTiers();
	progress.end();
	return tiers;
}

async function runPhases(context) {
	const { settings, progress } = context;
	let tiers = await findTiers(context);
	const takeStep = async (step) => {
		tiers = await forEachTier(context, tiers, (tier) => step(context, tier));
	};
	const expectRounds = (rounds) =>
		progress.expect("round", tiers.length * rounds);

	progress.expect("prepare", tiers.length);
	progress.expect("warm-up", tiers.length);
	expectRounds(settings.rounds);
	await takeStep(prepare);
	progress.expect("warm-up", tiers.length);
	expectRounds(settings.rounds);
	progress.milestone("warm-up");
	await takeStep(warmUp);
	for (let round = 1; round <= settings.rounds && tiers.length; round += 1) {
		expectRounds(settings.rounds - round + 1);
		progress.milestone(`round ${round} of ${settings.rounds}`);
		await takeStep((_, tier) => measureRound(context, tier, round));
		// The next round begins with the next tier, so that drift hits all alike.
		tiers.push(...tiers.splice(0, 1));
	}
}

/**
 * Runs it all; what is measured goes to context.results, and to its file after every step. Whatever happens, no host is left
 * running. Rejects with the signal's reason if that comes.
 */
export async function run(settled) {
	const context = { ...settled, hosts: new Map(), references: [] };
	try {
		await runPhases(context);
		context.results.isComplete = true;
	} finally {
		await Promise.all([...context.hosts.values()].map((host) => host.stop()));
		context.progress.close();
		writeResults(context.results);
	}
}
