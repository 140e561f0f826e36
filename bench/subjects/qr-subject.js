// The tiers of this repository as a subject.
import { assignCpus } from "../hosts/cpus.js";
import { startHost } from "../hosts/host.js";
import { thisCommit } from "../results/dimensions.js";
import { ceilings } from "../results/roles.js";
import { inTree, whyNotIn } from "./commit.js";
import { findTiers } from "./engines.js";
import { qrExchange } from "./qr-exchange.js";
import { makeRows } from "./rows.js";
import { isProgram, launchTier } from "./tiers.js";

/** See makeRows(). */
function fit(wanted) {
	const row = { ...wanted };
	// It is a tool of the kit, not what a commit is about.
	if (row.id === ceilings.program) row.commit = null;
	// HTTP has one way to send a batch.
	if (row.batchSize > 1 && row.transport !== "grpc")
		row.transport = "post-json";
	if (!row.engine) row.build = null;
	if (!isProgram(row.id)) {
		if (row.transport === "grpc" && row.processes > 1)
			return { reason: "serves gRPC from one process only" };
		return { row };
	}
	if (row.id === ceilings.program && row.transport !== "get")
		return { reason: "knows GET alone: no other transports, no batches" };
	if (row.transport === "grpc") return { reason: "serves no gRPC" };
	return { row: { ...row, node: null } };
}

const isElsewhere = ({ commit }) => commit && commit !== thisCommit;

/** A row with { cpus, exchange, launch() }: how its host is started, which throws a sentence if something is missing. */
function describeRow(row, { nodePaths, other }) {
	const launch = () => launchTier(row, { nodePaths });
	return {
		...row,
		cpus: assignCpus(row.processes),
		exchange: qrExchange(row),
		launch: isElsewhere(row) ? () => inTree(launch(), other) : launch,
	};
}

/**
 * The Subject of some tiers: selections as findTiers() takes them.
 * @type {(selections: Kit.Selection[], shared: Kit.SharedByQr) => Kit.Subject}
 */
export function createQrSubject(selections, shared) {
	return {
		name: null,
		...shared,
		async rows({ values, engines, signal, ...places }) {
			const { tiers, skipped } = await findTiers(selections, {
				engines,
				signal,
			});
			const fitted = makeRows(tiers, values, fit);
			const reasonFor = (row) =>
				isElsewhere(row) && places.other ? whyNotIn(row, places.other) : null;
			const missing = fitted.rows.flatMap((row) => {
				const reason = reasonFor(row);
				return reason ? [{ id: row.id, reason }] : [];
			});
			return {
				rows: fitted.rows
					.filter((row) => !reasonFor(row))
					.map((row) => describeRow(row, places)),
				skipped: [...skipped, ...fitted.skipped, ...missing],
			};
		},
		start: (row, options) => startHost({ ...row.launch(), ...options }),
	};
}
