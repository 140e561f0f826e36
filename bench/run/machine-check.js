// What makes this machine, as it is now, a bad place to measure.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { watchNeighbours } from "../hosts/neighbours.js";

const watchedMs = 1000;
/** Others that use more of the CPUs than this are worth a warning. */
const foreignLimit = 0.1;

function read(path) {
	try {
		return readFileSync(path, "utf8").trim();
	} catch {
		return null;
	}
}

async function neighbourWarnings(signal) {
	const stopWatching = watchNeighbours();
	await sleep(watchedMs, null, { signal });
	const share = stopWatching();
	if (share <= foreignLimit) return [];
	return [
		`warning: other programs use ${Math.round(100 * share)} % of the CPUs. Rates suffer from that most; ratios of rows in one run suffer least.`,
	];
}

function governorWarnings(root) {
	const governor = read(
		`${root}/devices/system/cpu/cpu0/cpufreq/scaling_governor`,
	);
	if (governor === null || governor === "performance") return [];
	return [
		`warning: the CPUs' clock is governed by "${governor}"; with "performance" rounds differ less.`,
	];
}

function batteryWarnings(root) {
	const folder = `${root}/class/power_supply`;
	const isDischarging =
		existsSync(folder) &&
		readdirSync(folder).some(
			(name) => read(`${folder}/${name}/status`) === "Discharging",
		);
	return isDischarging
		? ["warning: this machine runs on its battery, which slows its CPUs."]
		: [];
}

function quotaWarnings(root) {
	const [quota, period] = (read(`${root}/fs/cgroup/cpu.max`) ?? "").split(" ");
	if (!period || quota === "max") return [];
	return [
		`warning: a cgroup allows ${Number(quota) / Number(period)} CPUs of time. What is beyond that is stopped for a while, which looks like latency.`,
	];
}

/**
 * Sentences, none on a quiet machine. It watches for a second. `root` is where the kernel's /sys is.
 * @type {(options?: { root?: string, signal?: AbortSignal }) => Promise<string[]>}
 */
export async function checkMachine({ root = "/sys", signal } = {}) {
	return [
		...(await neighbourWarnings(signal)),
		...governorWarnings(root),
		...batteryWarnings(root),
		...quotaWarnings(root),
	];
}
