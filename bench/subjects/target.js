import { assignCpus } from "../hosts/cpus.js";
import { nameOf } from "../results/dimensions.js";

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
