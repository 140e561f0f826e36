// Servers that run already: measured from outside alone.
import { InvalidArgumentError } from "commander";
import { assignCpus } from "../hosts/cpus.js";
import { passes } from "../load/open-loop.js";
import { nameOf } from "../results/dimensions.js";

const form = /^(?:(?<name>[\w][\w.-]*)=)?(?<url>https?:\/\/.+)$/;
const usage =
	"Give the origin of a server, such as http://127.0.0.1:8080, or NAME=ORIGIN, or several with commas between them.";

function parseTarget(value) {
	const { name, url } = form.exec(value)?.groups ?? {};
	if (!url || !URL.canParse(url)) throw new InvalidArgumentError(usage);
	const { origin, host, pathname, search, username } = new URL(url);
	if (pathname !== "/" || search || username)
		throw new InvalidArgumentError(usage);
	return { id: name ?? host, target: origin };
}

/** "live=https://example.org,http://127.0.0.1:8080" → [{ id: "live", target: origin }, …]; may be repeated on a command line. */
export function parseTargets(value, earlier = []) {
	const targets = [...earlier, ...value.split(",").map(parseTarget)];
	if (new Set(targets.map(({ id }) => id)).size < targets.length)
		throw new InvalidArgumentError("Name each target once.");
	return targets;
}

/** { row } as it can be measured, or { reason } why it can't: what concerns the process of a host is unknown. */
export function fitTarget(wanted) {
	if (wanted.transport === "grpc")
		return { reason: "is measured by HTTP alone" };
	return {
		row: { ...wanted, node: null, processes: 1, build: null, commit: null },
	};
}

/** A row of a target as run() takes it. */
export function describeTarget(row) {
	return { ...row, engine: null, name: nameOf(row), isCeiling: false };
}

/** What startHost() gives, for a server that was started by others: without a process, and it is left running. */
export function connectTo({ target }) {
	return {
		...{ pid: null, url: target, grpcAddress: null },
		details: `${target}, running already`,
		startedAtMs: performance.now(),
		async stop() {},
		async checkAlive() {},
	};
}

/** Which CPUs there are for a row: a target's are not ours to give. */
export function cpusFor({ target, processes }) {
	if (!target) return assignCpus(processes);
	const { generator, server } = assignCpus(processes);
	const all = [...new Set([...generator, ...server])].sort((a, b) => a - b);
	return { generator: all, server: [], areShared: false };
}

/** Sentences on what will be sent to each target, to be shown before anything is. */
export function announceTargets(
	targets,
	{ rounds, durationSeconds, texts, rates },
) {
	const count = texts.reduce((sum, { count }) => sum + count, 0);
	const times = rounds === "auto" ? "at least 8" : rounds + 2;
	const wanted = rates?.map(({ wanted }) => wanted).join(", ");
	const open = rates
		? `, and ${passes * rates.length} at the rates ${wanted}`
		: "";
	return targets.map(
		({ id, target }) =>
			`${id}: ${target} will be sent the ${count} texts and some requests that it should refuse, one after another, then for each row ${times} loads of ${durationSeconds} s or more, as many requests as it answers${open}.`,
	);
}
