import assert from "node:assert/strict";
import test from "node:test";
import { announceTargets } from "../../../bench/commands/announce.js";
import { parseTargets } from "../../../bench/commands/parsers.js";
import { startHost } from "../../../bench/hosts/host.js";
import { renderMarkdown } from "../../../bench/report/markdown.js";
import { dimensions } from "../../../bench/results/dimensions.js";
import { findRows } from "../../../bench/subjects/rows.js";
import { createTargetSubject } from "../../../bench/subjects/target.js";
import { launchTier } from "../../../bench/subjects/tiers.js";
import {
	fakeLaunch,
	makeSettings,
	readResults,
	withDirectory,
} from "../helpers.js";
import { runKit } from "../run-kit.js";

test("targets are origins, with names or called after their host", () => {
	assert.deepEqual(
		parseTargets("live=https://example.org,http://[::1]:8080/"),
		[
			{ id: "live", target: "https://example.org" },
			{ id: "[::1]:8080", target: "http://[::1]:8080" },
		],
	);
	const earlier = parseTargets("a=http://a.example");
	assert.equal(parseTargets("b=http://b.example", earlier).length, 2);
	assert.throws(() => parseTargets("a=http://b.example", earlier), /Name each/);
	const wrong = [
		"example.org",
		"ftp://a",
		"http://",
		"http://a/path",
		"http://a/?b",
		"=http://a",
		"http://user@a/",
		"",
	];
	for (const value of wrong)
		assert.throws(() => parseTargets(value), /Give the origin of/, value);
});

test("what concerns processes is unknown of a target", async () => {
	const usual = dimensions.map(({ id, defaults }) => [id, defaults]);
	const values = {
		...Object.fromEntries(usual),
		processes: [1, 2],
		build: ["release", "debug"],
		transport: ["get", "grpc"],
	};
	const targets = [{ id: "live", target: "http://a.example" }];
	const subject = createTargetSubject(targets, {});
	const { rows, skipped } = await findRows([subject], { values });
	assert.deepEqual(
		rows.map(({ name, node, build, processes, cpus }) => [
			name,
			node,
			build,
			processes,
			cpus.server,
			cpus.areShared,
			cpus.generator.length > 0,
		]),
		[["live", null, null, 1, [], false, true]],
	);
	assert.deepEqual(skipped, [
		{ id: "live", reason: "is measured by HTTP alone" },
	]);
});

test("what will be sent is said before", () => {
	const [sentence] = announceTargets(
		[{ id: "live", target: "https://example.org" }],
		makeSettings(),
	);
	assert.match(sentence, /^live: https:\/\/example\.org will be sent the 10 /);
	assert.match(sentence, / 13 loads of about 2 s.* as it answers\.$/);
	const rates = [{ wanted: "50%" }, { wanted: "1000" }];
	const [longer] = announceTargets(
		[{ id: "live", target: "https://example.org" }],
		makeSettings({ rates }),
	);
	assert.match(longer, /, and 6 at the rates 50%, 1000\.$/);
});

test("a server that runs already is verified and measured, and left running", () =>
	withDirectory(async (directory) => {
		const host = await startHost(launchTier({ id: "server" }));
		const fake = await startHost(fakeLaunch("wrong"));
		try {
			const { status, stderr } = runKit(
				"--target",
				`live=${host.url},wrong=${fake.url}`,
				"--rounds",
				"1",
				"--warm-up",
				"0.2",
				"--duration",
				"0.3",
				"--out",
				directory,
			);
			await host.checkAlive();
			assert.equal(status, 1, stderr);
			const results = readResults(directory);
			const [reason] = results.leftOut.map(({ name, reason }) => [
				name,
				reason,
			]);
			assert.match(reason.join(": "), /^wrong: the image for .* holds another/);
			const [live] = results.rows;
			assert.deepEqual(
				[results.rows.length, live.name, live.target, live.node],
				[1, "live", host.url, null],
			);
			assert.ok(live.requestsPerSecond.median > 0);
			assert.deepEqual(
				[
					live.cpuMicrosPerRequest.median,
					live.memoryBytes.peak,
					live.startupMs,
				],
				[null, null, null],
			);
			const markdown = renderMarkdown(results);
			assert.match(markdown, /live: running already, so nothing is known of/);
			assert.doesNotMatch(markdown, /undefined|NaN|null/);
		} finally {
			await host.stop();
			await fake.stop();
		}
	}));
