// What the kit's tests share.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { dimensions, nameOf } from "../../bench/results/dimensions.js";

const fakeHost = fileURLToPath(new URL("fake-host.js", import.meta.url));

/** How a fake host is started; sign: a file whose appearance it heeds. */
export function fakeLaunch(mode, ...sign) {
	return { command: process.execPath, args: [fakeHost, mode, ...sign] };
}

/** A row as findRows() gives it, with the usual value in every dimension that is not given. */
export function makeRow({ id, engine = null, ...more }) {
	const usual = dimensions.map(({ id, defaults }) => [id, defaults[0]]);
	const row = { ...Object.fromEntries(usual), id, engine, ...more };
	return { ...row, name: nameOf(row) };
}

/** The settings of a run, as results.json holds them. */
export function makeSettings(change = {}) {
	const values = dimensions.map(({ id, defaults }) => [id, defaults]);
	return {
		command: "npm run bench --",
		cpuHourPrice: null,
		engineerDayPrice: null,
		load: null,
		against: null,
		engines: ["reference", "fast"],
		rounds: 6,
		limitMinutes: 10,
		durationSeconds: 2,
		warmUpSeconds: 0.2,
		dimensions: Object.fromEntries(values),
		texts: [{ kind: "short", count: 10, meanBytes: 50 }],
		...change,
	};
}

export const machine = {
	cpu: "A CPU",
	cores: 2,
	memoryBytes: 8e9,
	kernel: "Linux",
	distribution: null,
	node: process.version,
	gitCommit: null,
	packages: ["express 5.0.0"],
	generators: ["wrk 4.1.0"],
};

export async function withDirectory(use) {
	const directory = mkdtempSync(join(tmpdir(), "bench-"));
	try {
		return await use(directory);
	} finally {
		rmSync(directory, { recursive: true });
	}
}

export function readResults(directory) {
	return JSON.parse(readFileSync(join(directory, "results.json"), "utf8"));
}

/** Processes that inherited an environment with this entry, as [pid, command line]. */
export function processesWith(entry) {
	const found = [];
	for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
		try {
			const read = (name) => readFileSync(`/proc/${pid}/${name}`, "latin1");
			if (read("environ").split("\0").includes(entry))
				found.push([Number(pid), read("cmdline").replaceAll("\0", " ")]);
		} catch {
			// It has gone, or it is not ours.
		}
	}
	return found;
}
