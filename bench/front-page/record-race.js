// Records a race between tiers, as the page at / runs it, into docs/pictures/race.svg: npm run record-race

import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { startHost } from "../hosts/host.js";
import { writeWhole } from "../results/files.js";
import { root } from "./figures.js";
import { drawRace } from "./race-picture.js";

const tiers = ["js", "cli", "js-best", "addon"];
const values = {
	text: "https://example.com/",
	ecl: "M",
	width: 200,
	margin: 4,
};
const path = "docs/pictures/race.svg";

/** One after the other, as they come: { tier, images, ms } and the time. */
async function* readRace(url) {
	const response = await fetch(`${url}/race`, {
		method: "POST",
		headers: { "Content-Type": "application/json" },
		body: JSON.stringify(values),
	});
	if (!response.ok) throw new Error(`The race: ${await response.text()}`);
	const body = /** @type {import("node:stream/web").ReadableStream} */ (
		response.body
	);
	const input = Readable.fromWeb(body);
	for await (const line of createInterface({ input })) {
		const { failed, ...news } = JSON.parse(line);
		if (failed) throw new Error(`${news.tier}: ${failed}`);
		yield { ...news, atMs: performance.now() };
	}
}

async function recordRace(url) {
	/** @type {{ id: string, images: number, ms: number, points: { atMs: number, images: number }[] }[]} */
	const lanes = tiers.map((id) => ({ id, images: 0, ms: 0, points: [] }));
	const startMs = performance.now();
	let raceMs = 0;
	for await (const { tier, images, ms, atMs } of readRace(url)) {
		raceMs = atMs - startMs;
		const lane = lanes[tiers.indexOf(tier)];
		Object.assign(lane, { images, ms });
		lane.points.push({ atMs: raceMs, images });
	}
	return { lanes, raceMs: Math.round(raceMs) };
}

const host = await startHost({
	command: process.execPath,
	args: ["server/app.js", "--tiers", tiers.join(","), "--port", "0"],
	cwd: root,
});
try {
	const { lanes, raceMs } = await recordRace(host.url);
	const title = `The same QR code from ${tiers.length} tiers, side by side`;
	writeWhole(join(root, path), drawRace(lanes, raceMs, title));
	process.stdout.write(`${path}\n`);
} finally {
	await host.stop();
}
