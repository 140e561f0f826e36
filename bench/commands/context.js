// What a run of the kit works with, from the options of the command line.
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { drawStandings } from "../report/standings.js";
import { thisCommit } from "../results/dimensions.js";
import { createResults } from "../results/results.js";
import { calibrate } from "../run/calibration.js";
import { describeMachine } from "../run/machine.js";
import { checkMachine } from "../run/machine-check.js";
import { expectedSeconds } from "../run/run.js";
import { buildCommit } from "../subjects/commit.js";
import { findNodes } from "../subjects/nodes.js";
import { findRows } from "../subjects/rows.js";
import { chooseSubjects } from "../subjects/subject.js";
import { announceTargets } from "./announce.js";
import { createProgress } from "./progress.js";
import { quoteForShell } from "./shell.js";

function createDirectory(out) {
	const time = new Date()
		.toISOString()
		.slice(0, 19)
		.replace("T", "-")
		.replaceAll(":", "");
	const directory = out
		? resolve(out)
		: fileURLToPath(new URL(`../../results/${time}`, import.meta.url));
	mkdirSync(directory, { recursive: true });
	return directory;
}

function describeTexts(texts) {
	return [...texts].map(([kind, list]) => {
		const bytes = list.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
		return { kind, count: list.length, meanBytes: bytes / list.length };
	});
}

function describeSettings(options, { values, texts, other, tierDirectory }) {
	const {
		engine,
		rounds,
		limit,
		duration,
		warmUp,
		cpuPrice = null,
		engineerDay = null,
		load = null,
		rates,
		arrivals,
	} = options;
	return {
		command: `npm run bench -- ${quoteForShell(process.argv.slice(2))}`,
		engines: engine,
		cpuHourPrice: cpuPrice,
		engineerDayPrice: engineerDay,
		load,
		rounds,
		limitMinutes: limit,
		durationSeconds: duration,
		warmUpSeconds: warmUp,
		dimensions: values,
		texts: describeTexts(texts),
		tierDirectory,
		rates: rates ?? null,
		arrivals,
		against: other && { ref: other.ref, commit: other.commit },
	};
}

/** What buildCommit() gives, null if all rows are of this tree. */
async function buildOther({ commit, build }, signal) {
	const ref = commit.find((value) => value !== thisCommit);
	if (!ref) return null;
	const onStep = (text) => process.stderr.write(`${text}\n`);
	return buildCommit(ref, { builds: build, signal, onStep });
}

/**
 * What run() works with. Throws for options that are wrong.
 * @type {(options: Kit.Options, signal: AbortSignal) => Promise<Kit.Context>}
 */
export async function createContext(options, signal) {
	const subjects = await chooseSubjects(options);
	const [{ name: tierDirectory, texts, packages, ceiling }] = subjects;
	const nodePaths = await findNodes(options.values.node);
	const values = {
		...options.values,
		text: [...texts.keys()],
		node: [...nodePaths.keys()],
	};
	const other = await buildOther(options.values, signal);
	const settings = describeSettings(options, {
		values,
		texts,
		other,
		tierDirectory,
	});
	for (const sentence of announceTargets(options.target ?? [], settings))
		process.stderr.write(`${sentence}\n`);
	const directory = createDirectory(options.out);
	const { engine: engines, again } = options;
	const rowOptions = { values, engines, again, nodePaths, other, signal };
	const connections = Math.max(...values.connections);
	const load = { connections, withOpenLoop: !!options.rates };
	const results = createResults({
		directory,
		machine: describeMachine(packages),
		settings,
	});
	return {
		directory,
		settings,
		texts,
		signal,
		checkMachine: () => checkMachine({ signal }),
		calibrate: () => calibrate(ceiling, load, { directory, signal }),
		findRows: () => findRows(subjects, rowOptions),
		results,
		startsPerRow: 3,
		progress: createProgress(process.stderr, expectedSeconds(settings), {
			drawStandings: (space) => drawStandings(results, space),
		}),
	};
}
