// Servers that run already as a subject: measured from outside alone.
import { assignCpus } from "../hosts/cpus.js";
import { qrExchange } from "./qr-exchange.js";
import { makeRows } from "./rows.js";

/** See makeRows(): what concerns the process of a host is unknown. */
function fit(wanted) {
	if (wanted.transport === "grpc")
		return { reason: "is measured by HTTP alone" };
	return {
		row: { ...wanted, node: null, processes: 1, build: null, commit: null },
	};
}

/** The server's CPUs are not ours to give: the generator takes what there is. */
function chooseCpus() {
	const { generator, server } = assignCpus(1);
	const all = [...new Set([...generator, ...server])].sort((a, b) => a - b);
	return { generator: all, server: [], areShared: false };
}

/**
 * What startHost() gives, for a server that was started by others: without a process, and it is left running.
 * @type {(target: string | undefined) => Kit.Host}
 */
function connectTo(target) {
	return {
		pid: null,
		url: `${target}`,
		grpcAddress: null,
		details: `${target}, running already`,
		startedAtMs: performance.now(),
		async stop() {},
		async checkAlive() {},
	};
}

/**
 * The Subject of some targets [{ id, target: origin }].
 * @type {(targets: Kit.Selection[], shared: Kit.SharedByQr) => Kit.Subject}
 */
export function createTargetSubject(targets, shared) {
	return {
		name: null,
		...shared,
		async rows({ values }) {
			const { rows, skipped } = makeRows(targets, values, fit);
			const cpus = chooseCpus();
			const describe = (row) => ({ ...row, cpus, exchange: qrExchange(row) });
			return { rows: rows.map(describe), skipped };
		},
		async start({ target }) {
			return connectTo(target);
		},
	};
}
