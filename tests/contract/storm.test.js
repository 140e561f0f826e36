// Hundreds of faults (in npm run test:long, 2,000) in the parts that tiers have, while requests come in: each request is answered
// with its image (what is lost is made once more) or with 503, what broke is replaced, and nothing is left of it.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { amountOf } from "../amount.js";
import { childrenOf, findHost, killIfThere, withHost } from "./hosts.js";
import { connect, eventually, request, sleep } from "./http.js";
import { sentences } from "./refusals.js";

const preload = "./tests/contract/fault-preload.js";
const loadCount = 8;
const target = "/qrcode?text=storm";

/** True if there was a child to kill. */
function killAnyChild({ pid }) {
	const [child] = childrenOf(pid).find(([, state]) => state !== "Z") ?? [];
	return child !== undefined && killIfThere(child);
}

/** Has fault-preload.js break something; true if it says that it has. */
async function signalPreload(running) {
	const before = running.stderr.length;
	process.kill(running.pid, "SIGUSR2");
	await eventually("a fault", () =>
		running.stderr.slice(before).includes("fault\n"),
	);
	return true;
}

const storms = [
	{ tier: "cli", faults: amountOf(80, 800), inject: killAnyChild },
	{ tier: "coprocess", faults: amountOf(30, 300), inject: killAnyChild },
	{ tier: "worker", faults: amountOf(20, 200), inject: signalPreload },
	{ tier: "wasm", faults: amountOf(70, 700), inject: signalPreload },
];

/** Asks again and again until isOver(); resolves to how often each status came. */
async function load(port, image, isOver) {
	const connection = await connect(port);
	const statuses = { 200: 0, 503: 0 };
	while (!isOver()) {
		const { status, body } = await connection.request(target);
		if (status === 200) assert.deepEqual(body, image);
		else assert.equal(body.toString(), `${sentences.failed}\n`);
		statuses[status]++;
	}
	connection.destroy();
	return statuses;
}

async function injectAll({ faults, inject }, running) {
	for (let injected = 0; injected < faults; ) {
		if (await inject(running)) injected++;
		await sleep(1);
	}
}

function countDescriptors(pid) {
	return readdirSync(`/proc/${pid}/fd`).length;
}

function countThreads(pid) {
	return readdirSync(`/proc/${pid}/task`).length;
}

function withPreload(host, query = "") {
	return { ...host, flags: ["--import", preload + query, ...host.flags] };
}

for (const storm of storms)
	test(`${storm.tier}: ${storm.faults} faults`, () => {
		const host = withPreload(findHost(storm.tier));
		const use = async (running) => {
			const { pid, port } = running;
			const { body: image } = await request(port, target);
			for (let i = 0; i < 20; i++) await request(port, target);
			const before = [
				countDescriptors(pid),
				countThreads(pid),
				childrenOf(pid).length,
			];

			let isOver = false;
			const loads = Array.from({ length: loadCount }, () =>
				load(port, image, () => isOver),
			);
			const outcome = Promise.all(loads);
			await Promise.race([injectAll(storm, running), outcome]); // a load ends first only by failing
			isOver = true;
			const statuses = await outcome;

			const sum = (status) =>
				statuses.reduce((total, counts) => total + counts[status], 0);
			const isReplaced = running.stderr.includes("starting another");
			assert.ok(isReplaced || sum(503) > 0, "no fault hit a request");
			assert.ok(sum(200) > 0, "nothing was served meanwhile");
			assert.ok(
				sum(503) <= storm.faults * loadCount,
				`${sum(503)} requests failed`,
			);
			await eventually(
				"as many descriptors, threads and children as before",
				() => {
					const now = [
						countDescriptors(pid),
						countThreads(pid),
						childrenOf(pid).length,
					];
					return now.every((count, i) => count <= before[i]);
				},
			);
			for (let i = 0; i < 50; i++)
				assert.equal((await request(port, target)).status, 200);
		};
		return withHost(host, [], use, { stderr: /^([^\n]+\n)*$/ });
	});

test("worker: threads that fail at their start are replaced, too", () => {
	const host = withPreload(findHost("worker"), "?at=start");
	const use = async (running) => {
		const { body: image } = await request(running.port, target);
		let isOver = false;
		const outcome = load(running.port, image, () => isOver);
		for (let i = 0; i < 10; i++) await signalPreload(running);
		await eventually("images again", async () => {
			const { status } = await request(running.port, target);
			return status === 200;
		});
		isOver = true;
		await outcome;
	};
	return withHost(host, [], use, { stderr: /^([^\n]+\n)*$/ });
});
