// What a host has to tell when nobody listens: its standard error is closed, or can't be written.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { test } from "node:test";
import { childrenOf, killIfThere, root } from "../contract/hosts.js";
import { eventually, request, within } from "../contract/http.js";

const full = openSync("/dev/full", "w");
const image = (port) =>
	request(port, "/qrcode?text=a").catch(() => ({ status: 0 }));

for (const [name, stderr] of [
	["closed", "pipe"],
	["on a full disk", full],
])
	for (const flags of [
		["--tier", "coprocess"],
		["--tier", "addon", "--processes", "2"],
	])
		test(`standard error ${name}, ${flags.join(" ")}: a child that ends is replaced`, async (t) => {
			const args = ["server/app.js", "--port", "0", ...flags];
			const host = spawn(process.execPath, args, {
				cwd: root,
				stdio: ["ignore", "pipe", stderr],
			});
			t.after(() => host.kill("SIGKILL"));
			host.stderr?.destroy();
			const [line] = await within("ready line", once(host.stdout, "data"));
			const [, port] = /:(\d+)\//.exec(line);
			assert.equal((await image(port)).status, 200);
			const children = childrenOf(host.pid).map(([pid]) => pid);
			assert.equal(children.length > 0, true);
			for (const child of children) killIfThere(child);
			await eventually("others", () => {
				const pids = childrenOf(host.pid).map(([pid]) => pid);
				return pids.some((pid) => !children.includes(pid)) || host.exitCode;
			});
			await eventually(
				"an image",
				async () => host.exitCode || (await image(port)).status === 200,
			);
			assert.equal(host.exitCode, null);
		});
