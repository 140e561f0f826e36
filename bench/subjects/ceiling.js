// The server of this repository that does next to nothing: with it the kit finds what its load generators can drive on a machine.
import { assignCpus } from "../hosts/cpus.js";
import { startHost } from "../hosts/host.js";
import { ceilings } from "../results/roles.js";
import { qrHttpExchange } from "./qr-exchange.js";
import { launchTier } from "./tiers.js";

/**
 * It is asked for those texts, and answers all of them with one image.
 * @type {(texts: string[]) => Kit.Ceiling}
 */
export function createCeiling(texts) {
	const row = {
		id: ceilings.program,
		processes: 1,
		batchSize: 1,
		transport: "get",
		text: "calibration",
		width: null,
	};
	return {
		row: {
			...row,
			exchange: qrHttpExchange(row),
			cpus: assignCpus(row.processes),
		},
		texts,
		start: (options) => startHost({ ...launchTier(row), ...options }),
	};
}
