import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import test from "node:test";
import { watchNeighbours } from "../../../bench/hosts/neighbours.js";

const used = () => Object.values(process.cpuUsage()).reduce((a, b) => a + b);

test("what another program uses is counted, what this one and its children use is not", async () => {
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
	const cores = (await import("node:os")).cpus().length;
	assert.ok(foreign * seconds * cores >= 0.4, `${foreign} in ${seconds} s`);
});

test("a share is between none and all", () => {
	const stop = watchNeighbours();
	for (const end = used() + 50e3; used() < end; );
	const share = stop();
	assert.ok(share >= 0 && share <= 1, `${share}`);
});
