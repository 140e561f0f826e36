// A host under load.
import { cpuSeconds, systemCpuSeconds } from "../hosts/process-tree.js";
import { whileAlive } from "../hosts/settle.js";
import { connectionsFor } from "../results/dimensions.js";

/**
 * Starts a host on the CPUs that are the servers'.
 * @type {(context: Kit.Running, row: Kit.Row) => Promise<Kit.Host>}
 */
export function startHost({ signal }, row) {
	const { areShared, server } = row.cpus;
	return row.subject.start(row, {
		signal,
		cpus: areShared ? undefined : server,
	});
}

/** A load was too short for its host, or that hangs. */
export class NoAnswer extends Error {
	/** @param {number} seconds of the load */
	constructor(seconds) {
		super(`no request was answered within ${seconds} s`);
	}
}

function cpuTimes({ pid }) {
	return { all: cpuSeconds(pid), system: systemCpuSeconds(pid) };
}

/**
 * Puts load on a host for so many seconds; its CPU time is read when the load ends, before it goes on with what was cut off. Null is the CPU
 * time of a server that others have started. Rejects if no request succeeds.
 * @type {(context: Kit.Running, row: Kit.Row, host: Kit.Host, how: { round: number, durationSeconds: number, countsStatuses?: boolean }) => Promise<Kit.Loaded>}
 */
export async function loadHost(
	{ loads, signal },
	row,
	host,
	{ round, ...how },
) {
	const { cpus } = row;
	const before = cpuTimes(host);
	let after = before;
	const runLoad = /** @type {Kit.RunLoad} */ (loads.get(row));
	const generator = runLoad(host, round, {
		...how,
		connections: connectionsFor(row),
		signal,
		cpus: cpus.areShared ? undefined : cpus.generator,
		onLoadEnd: () => {
			after = cpuTimes(host);
		},
	});
	const load = await whileAlive(host, generator);
	if (load.requests === 0) throw new NoAnswer(how.durationSeconds);
	if (load.requests === load.failures.status)
		throw new Error(`no request succeeded (${JSON.stringify(load.failures)})`);
	if (host.pid === null)
		return { load, cpuSeconds: null, systemCpuSeconds: null };
	return {
		load,
		cpuSeconds: after.all - before.all,
		systemCpuSeconds: after.system - before.system,
	};
}
