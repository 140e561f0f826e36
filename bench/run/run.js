// One run of the kit: each row alone (start-up, verification, trial), then rounds that rotate over the rows, each in processes of its own.
import {
	findMeasurement,
	recordFailure,
	writeResults,
} from "../results/results.js";
import { passes, runOpenLoops } from "./open-loop-phase.js";
import { planLoads } from "./plan.js";
import { prepare } from "./prepare.js";
import { measureRound } from "./round.js";
import { planRounds } from "./rounds.js";

/** What a host takes to start and to end, and wrk to begin. */
const startSeconds = 0.8;

/**
 * About how long a step of each phase takes, for createProgress(), until it is known better.
 * @type {(settings: { durationSeconds: number, warmUpSeconds: number }) => Record<string, number>}
 */
export function expectedSeconds({ durationSeconds, warmUpSeconds }) {
	const stepSeconds = startSeconds + warmUpSeconds + durationSeconds;
	return {
		find: 2,
		prepare: warmUpSeconds + 3,
		round: stepSeconds,
		"open loop": stepSeconds,
	};
}

/** Takes one step with each row. One that fails is recorded, and the others go on; they are returned. */
async function forEachRow(context, rows, step) {
	const { results, progress, signal } = context;
	const left = [];
	for (const row of rows) {
		try {
			await step(row);
			left.push(row);
		} catch (error) {
			signal.throwIfAborted();
			const reason = recordFailure(results, row, error);
			progress.note(`${row.name}: left out from here on: ${reason}`);
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

/** Seconds that one round, or one open loop, takes for these rows, in the mean. */
function stepSeconds({ plans }, rows) {
	const seconds = rows.map((row) => {
		const { warmUpSeconds, durationSeconds } = plans.get(row);
		return warmUpSeconds + durationSeconds + startSeconds;
	});
	return seconds.reduce((sum, value) => sum + value, 0) / rows.length;
}

/** Round after round, as long as the plan wants more; each begins with another row, so that drift hits all alike. */
async function runRounds(context, rows, takeStep) {
	const { settings, progress, results } = context;
	const plan = planRounds(settings);
	let left = rows;
	for (let round = 1; left.length && plan.wantsMore(results); round += 1) {
		const expected = plan.roundsLeft(round, results);
		progress.expect(
			"round",
			left.length * expected,
			stepSeconds(context, left),
		);
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

/** What is still to come, before it is known how long it takes. */
function expectLoads({ progress, settings, results }, rows) {
	const rounds = planRounds(settings).roundsLeft(1, results);
	progress.expect("round", rows.length * rounds);
	const loads = passes * (settings.rates?.length ?? 0);
	progress.expect("open loop", rows.length * loads);
}

/** What the rounds of the rows that are left are like. */
function planRows(context, rows) {
	const { rates, settings, results } = context;
	const found = rows.map((row) => [row, rates.get(row)]);
	context.plans = planLoads(new Map(found), settings);
	for (const [row, plan] of context.plans)
		Object.assign(findMeasurement(results, row), plan);
}

async function runPhases(context) {
	const { progress, checkMachine = async () => [] } = context;
	for (const warning of await checkMachine()) progress.note(warning);
	await findGeneratorLimit(context);
	context.signal.throwIfAborted();
	let rows = await prepareRows(context);
	const takeStep = (left, step) =>
		forEachRow(context, left, (row) => step(context, row));
	progress.expect("prepare", rows.length);
	expectLoads(context, rows);
	rows = await takeStep(rows, prepare);
	planRows(context, rows);
	expectLoads(context, rows);
	rows = await runRounds(context, rows, takeStep);
	await runOpenLoops(context, rows, takeStep);
}

/**
 * Runs it all; what is measured goes to context.results, and to its file after every step. Whatever happens, no host is left
 * running. Rejects with the signal's reason if that comes.
 * @type {(context: Kit.Context) => Promise<void>}
 */
export async function run(settled) {
	const context = {
		...settled,
		loads: new Map(),
		rates: new Map(),
		plans: new Map(),
	};
	try {
		await runPhases(context);
		context.results.isComplete = true;
	} finally {
		context.progress.close();
		writeResults(context.results);
	}
}
