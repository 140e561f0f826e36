import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpus } from "node:os";
import test from "node:test";
import { watchNeighbours } from "../../../bench/hosts/neighbours.js";
import { foreignCpuSeconds } from "../../../bench/hosts/process-tree.js";
import { eventually } from "../../contract/http.js";

const used = () => Object.values(process.cpuUsage()).reduce((a, b) => a + b);

test("what another program uses is counted", async () => {
	// The child is started by a shell that ends, so it is no descendant of ours any more.
	const script = `
		const used = () => Object.values(process.cpuUsage()).reduce((a, b) => a + b);
		for (const end = used() + 500e3; used() < end; );
		process.stdout.write("burnt");
		setInterval(() => {}, 1000);`;
	const stop = watchNeighbours();
	const startMs = performance.now();
	const shell = spawn(
		"sh",
		["-c", 'setsid "$0" --eval "$1" & echo $!', process.execPath, script],
		{ stdio: ["ignore", "pipe", "inherit"] },
	);
	let said = "";
	for await (const chunk of shell.stdout) {
		said += chunk;
		if (said.includes("burnt")) break;
	}
	const seconds = (performance.now() - startMs) / 1000;
	const foreign = stop();
	process.kill(Number.parseInt(said, 10));
	assert.ok(
		foreign * seconds * cpus().length >= 0.4,
		`${foreign} in ${seconds} s`,
	);
});

test("what this program uses is left out", async () => {
	for (const end = used() + 300e3; used() < end; );
	const gone = 2 ** 22 + 1;
	// The second figure may hold what others used since the first.
	await eventually(
		"a difference",
		() => foreignCpuSeconds(gone) - foreignCpuSeconds(process.pid) >= 0.2,
	);
});
