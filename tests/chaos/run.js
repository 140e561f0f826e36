import { childrenOf, killIfThere, startHost } from "../contract/hosts.js";
import { eventually, request } from "../contract/http.js";
import { createRandom } from "../random.js";
import { Faults } from "./faults.js";
import { Load, readImages } from "./load.js";

const CONNECTIONS = 8;
const MAX_GAP_MS = 800;
const SOUND_ANSWERS = 20;
const RECOVERY_MS = 120_000;

/**
 * Breaks one target for so long under load. Resolves to { name, faults, answers, complaints }: counts by kind, and a sentence
 * for all that must not be. onStart(running) is told of the host.
 */
export async function runTarget(target, { durationMs, seed, onStart }) {
	const running = await startHost(target.host);
	onStart?.(running);
	try {
		return await breakDown(target, running, { durationMs, seed });
	} finally {
		killAll(running);
	}
}

async function breakDown(target, running, { durationMs, seed }) {
	// Each with numbers of its own: those of the faults don't depend on how many requests there are.
	const images = await readImages(running.port, createRandom(seed));
	const faults = new Faults(target, running, createRandom(seed + 1));
	const load = new Load(running.port, images, createRandom(seed + 2));
	const end = Date.now() + durationMs;
	const isOver = () => Date.now() >= end || running.exit !== null;
	await Promise.all([
		load.run(isOver, CONNECTIONS),
		faults.run(isOver, MAX_GAP_MS),
	]);
	const complaints = [...load.complaints];
	if (load.counts["cut off"] > 0 && !target.mayCut)
		complaints.push(`${load.counts["cut off"]} connections were cut off`);
	await recover(running).catch((error) =>
		complaints.push(`${error.message}; the host says: ${running.stderr}`),
	);
	return {
		name: target.name,
		complaints,
		faults: faults.counts,
		answers: load.counts,
	};
}

/** Resolves when it serves again as if nothing had been, and has ended as it should. */
async function recover(running) {
	let inARow = 0;
	const isSound = async () => {
		const answer = request(running.port, "/qrcode?text=a");
		const { status } = await answer.catch(() => ({}));
		inARow = status === 200 ? inARow + 1 : 0;
		return inARow >= SOUND_ANSWERS;
	};
	await eventually("images again", isSound, RECOVERY_MS);
	await running.stop({ stderr: /^/ });
}

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
