// The last report of the kit, as the page serves it.
import assert from "node:assert/strict";
import { once } from "node:events";
import {
	mkdirSync,
	mkdtempSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import express from "express";
import { Responses } from "../../server/api/responses.js";
import { findLastReport } from "../../server/page/last-report.js";
import { Page } from "../../server/page/page.js";

let directory;
let server;
before(async () => {
	directory = mkdtempSync(path.join(tmpdir(), "qr-tiers-results-"));
	const page = new Page({
		tiers: new Map(),
		swappable: true,
		maxWidth: 1024,
		resultsDirectory: directory,
	});
	const routes = page.routes(new Responses("no-store"));
	server = express()
		.get("/report", routes["/report"].get)
		.listen(0, "127.0.0.1");
	await once(server, "listening");
});
after(() => {
	server.close();
	rmSync(directory, { recursive: true });
});

const get = () => fetch(`http://127.0.0.1:${server.address().port}/report`);

function addRun(name, html) {
	mkdirSync(path.join(directory, name));
	if (html) writeFileSync(path.join(directory, name, "report.html"), html);
}

test("no results, or none with a page, is no report", async () => {
	assert.equal(await findLastReport(path.join(directory, "none")), undefined);
	addRun("2026-01-30-120000");
	assert.equal(await findLastReport(directory), undefined);
	const response = await get();
	assert.equal(response.status, 404);
	assert.match(await response.text(), /^There is no report yet/);
});

test("the newest run that has one", async () => {
	addRun("2026-01-31-120000", "<p>first");
	addRun("2026-01-31-130000", "<p>second");
	addRun("2026-01-31-140000");
	const response = await get();
	assert.equal(response.status, 200);
	assert.equal(await response.text(), "<p>second");
});

test("it is kept apart from the page", async () => {
	const { headers } = await get();
	assert.match(headers.get("content-type"), /^text\/html/);
	assert.equal(headers.get("x-content-type-options"), "nosniff");
	assert.equal(headers.get("cache-control"), "no-cache");
	const policy = headers.get("content-security-policy");
	assert.match(policy, /^sandbox [a-z -]+; default-src 'none'; /);
	assert.doesNotMatch(policy, /allow-same-origin|https?:|\*/);
});

test("links and hidden folders don't count", async () => {
	const outside = path.join(directory, "2026-01-30-120000", "secret.html");
	writeFileSync(outside, "<p>secret");
	addRun("2026-02-01-120000");
	symlinkSync(outside, path.join(directory, "2026-02-01-120000/report.html"));
	symlinkSync(path.dirname(outside), path.join(directory, "2026-02-02-120000"));
	addRun(".hidden", "<p>hidden");
	assert.equal(
		await findLastReport(directory),
		path.join("2026-01-31-130000", "report.html"),
	);
});
