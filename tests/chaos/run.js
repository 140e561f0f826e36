import { writeFileSync } from "node:fs";
import path from "node:path";
import { childrenOf, killIfThere, startHost } from "../contract/hosts.js";
import { eventually, request, sleep } from "../contract/http.js";
import { prepareExchanges } from "../load/exchanges.js";
import { Load } from "../load/load.js";
import { readVitals } from "../load/vitals.js";
import { createRandom } from "../random.js";
import { runCommand } from "./commands.js";
import { Faults } from "./faults.js";
import { Injector } from "./injector.js";

const CONNECTIONS = 8;
const MAX_GAP_MS = 800;
const MAX_GAP_OF_CALLS_MS = 100;
const SOUND_ANSWERS = 20;
const RECOVERY_MS = 120_000;
const WARM_UP_MS = 1_000;
const REST_MS = 1_500; // a host waits a second at most for those that it has refused
const SMALL_STACK = "--stack=131072:"; // the soft limit

/** By how much each may be more after all faults than before them, at rest: what Node may still start, and its heap. */
const leeway = { memoryMb: 150, fds: 16, threads: 8, processes: 0, zombies: 0 };

/**
 * Breaks one target for so long under load. Resolves to { name, seconds, faults, answers, complaints }: counts by kind, and a sentence
 * for all that must not be. onStart(running) is told of the host.
 */
export async function runTarget(target, { durationMs, seed, onStart }) {
	if (target.ways) return runCommand(target, { durationMs, seed });
	const armed = target.injects ? arm(target, seed) : target;
	try {
		const running = await startHost(armed.host);
		onStart?.(running);
		try {
			return await breakDown(armed, running, { durationMs, seed });
		} finally {
			killAll(running);
		}
	} finally {
		armed.injector?.close();
	}
}

/** With what makes its calls fail, and a clock that can be moved; what is C has small stacks. */
function arm(target, seed) {
	const { object, flagsIn, fakeTime } = target.injects;
	const injector = new Injector({ seed, object });
	const clockFile = path.join(injector.directory, "clock");
	writeFileSync(clockFile, "+0\n");
	const env = { ...injector.env };
	if (fakeTime) {
		env.LD_PRELOAD += `:${fakeTime}`;
		env.FAKETIME_TIMESTAMP_FILE = clockFile;
		env.FAKETIME_NO_CACHE = "1";
		env.FAKETIME_DONT_FAKE_MONOTONIC = "1"; // which doesn't jump
		env.DONT_FAKE_MONOTONIC = "1";
	}
	const { host } = target;
	const flags = [...host.flags, ...flagsIn(injector.directory)];
	const armed = host.native
		? { command: "prlimit", flags: [SMALL_STACK, host.command, ...flags] }
		: { flags };
	const faults = target.faults.filter(
		(name) => fakeTime || name !== "clock jump",
	);
	return {
		...target,
		faults,
		injector,
		clockFile,
		host: { ...host, ...armed, env },
	};
}

async function breakDown(target, running, { durationMs, seed }) {
	// Each with numbers of its own: those of the faults don't depend on how many requests there are.
	const { port, pid } = running;
	const exchanges = await prepareExchanges(
		port,
		target.host,
		createRandom(seed),
	);
	const faults = new Faults(target, running, createRandom(seed + 1));
	const load = new Load(port, exchanges, createRandom(seed + 2), {
		mayRefuseConnections: target.mayCut,
	});
	const start = Date.now();
	await load.run(() => Date.now() > start + WARM_UP_MS, CONNECTIONS);
	await sleep(REST_MS);
	const before = readVitals(pid);
	const end = Date.now() + durationMs;
	const isOver = () => Date.now() >= end || running.exit !== null;
	await Promise.all([
		load.run(isOver, CONNECTIONS),
		faults.run(isOver, target.injector ? MAX_GAP_OF_CALLS_MS : MAX_GAP_MS),
	]);
	const complaints = [...load.complaints];
	if (load.counts["cut off"] > 0 && !target.mayCut)
		complaints.push(`${load.counts["cut off"]} connections were cut off`);
	try {
		await recover(running);
		complaints.push(...(await findLeaksAtRest(before, running)));
		await running.stop({ stderr: /^/ });
	} catch (error) {
		complaints.push(
			`${error.message}; the host says: ${running.stderr.slice(-2000)}`,
		);
	}
	return {
		name: target.name,
		seconds: (Date.now() - start) / 1000,
		complaints,
		faults: faults.counts,
		answers: load.counts,
	};
}

/** Resolves when it serves again as if nothing had been. */
async function recover(running) {
	let inARow = 0;
	const isSound = async () => {
		if (running.exit) throw new Error("it has ended");
		const answer = request(running.port, "/qrcode?text=a");
		const { status } = await answer.catch(() => ({}));
		inARow = status === 200 ? inARow + 1 : 0;
		return inARow >= SOUND_ANSWERS;
	};
	await eventually("images again", isSound, RECOVERY_MS);
}

/** Resolves to what it still holds too much of when nobody has asked for anything for a while. */
async function findLeaksAtRest(before, { pid }) {
	const end = Date.now() + RECOVERY_MS;
	let leaks;
	do {
		await sleep(REST_MS);
		leaks = findLeaks(before, readVitals(pid));
	} while (leaks.length > 0 && Date.now() < end);
	return leaks;
}

const findLeaks = (before, after) =>
	Object.entries(leeway)
		.filter(([name, more]) => after[name] > before[name] + more)
		.map(
			([name]) => `${name}: ${before[name]} before, ${after[name]} afterwards`,
		);

/** Also what leads a group of its own, or is stopped. */
export function killAll(running) {
	if (running.exit === null) killTree(running.pid);
	running.kill();
}

function killTree(pid) {
	const children = childrenOf(pid);
	killIfThere(pid);
	for (const [child] of children) killTree(child);
}
