// Whether the memory of the machine is enough for all hosts at once.
import os from "node:os";

const gibibyte = 2 ** 30;
const inGibibytes = (nbytes) => `${(nbytes / gibibyte).toFixed(1)} GiB`;

/**
 * All hosts stay alive through the rounds: a sentence if they would leave less than a tenth of what is free, else null.
 * @type {(measurements: { memory: { pss: number } | null }[], freeBytes?: number) => string | null}
 */
export function warnOfMemory(measurements, freeBytes = os.freemem()) {
	const wanted = measurements.reduce(
		(sum, { memory }) => sum + (memory?.pss ?? 0),
		0,
	);
	if (wanted < 0.9 * freeBytes) return null;
	return `warning: all hosts at once take about ${inGibibytes(wanted)} of memory and ${inGibibytes(freeBytes)} are free: a machine that swaps measures its disk. Fewer rows in a run take less.`;
}
