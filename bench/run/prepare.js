// Each row alone, before the rounds: start-up, verification, and what its rounds have to be like.
import { engineIn, nodeIn } from "../hosts/host.js";
import { whileAlive } from "../hosts/settle.js";
import { openClient } from "../load/client.js";
import { createLoad } from "../load/workload.js";
import { parametersOf } from "../results/dimensions.js";
import { addMeasurement } from "../results/results.js";
import { loadHost, NoAnswer, startHost } from "./load.js";
import { guessTrialSeconds } from "./plan.js";
import { verifyRow } from "./verify.js";

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
	loads.set(row, await createLoad(row, texts, { directory, ...verdict }));
	return verdict;
}

/** On a busy machine the first load may take so many times as long as the first request makes one expect. */
const patience = 5;

/** The requests a second of a first load. */
async function tryLoad(context, row, host, requestMs) {
	const seconds = guessTrialSeconds(row, requestMs, context.settings);
	const tryFor = (durationSeconds) =>
		loadHost(context, row, host, { round: 0, durationSeconds });
	const { load } = await tryFor(seconds).catch((error) => {
		if (!(error instanceof NoAnswer)) throw error;
		return tryFor(patience * seconds);
	});
	return load.requests / load.seconds;
}

/**
 * Start-up, verification and a trial, with no other host alive.
 * @type {(context: Kit.Running, row: Kit.Row) => Promise<void>}
 */
export async function prepare(context, row) {
	const { results, progress } = context;
	const { name, cpus } = row;
	progress.begin("prepare", `${name}: start-up`);
	const startupMs = await measureStartups(context, row);
	const host = await startHost(context, row);
	try {
		const { details } = host;
		const engine = checkEngine(row, details);
		progress.say(`${name}: verification`);
		const verdict = await verify(context, row, host, engine);
		progress.say(`${name}: trial`);
		const rate = await tryLoad(context, row, host, verdict.requestMs);
		context.rates.set(row, rate);
		const found = { engine, node: nodeIn(details), details, cpus };
		const { meanImageBytes } = verdict;
		addMeasurement(results, { row, ...found, startupMs, meanImageBytes });
		progress.note(`${name}: verified (${details})`);
	} finally {
		await host.stop();
	}
	progress.end();
}
