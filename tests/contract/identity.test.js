// One core in all packagings: the command, the addon and every host draw the same pixels. Engine fast writes the same
// bytes wherever it runs, on every width of vectors; engine reference does where the same libraries do the work.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import { readPng } from "../../bench/subjects/png.js";
import { engineLibraries, engines, toBufferSync } from "../../lib/index.js";
import { amountOf } from "../amount.js";
import { levels } from "../capacity.js";
import { createRandom, randomText } from "../random.js";
import { findHost, root, withHost } from "./hosts.js";
import { connect } from "./http.js";

const command = `${root}build/Release/qrpng`;
const sanitizedCommand = `${root}build/Sanitize/qrpng`;
const count = amountOf(150, 3_000);

function randomCase(random) {
	const ecl = levels[random(4)];
	const margin = random(3) ? 4 : random(33);
	// Wide enough for version 40 with that margin, or the default, which most texts fit.
	const width = random(2) ? 200 + 2 * margin : 177 + 2 * margin + random(500);
	return { text: randomText(random), ecl, width, margin };
}

const random = createRandom(7);
const cases = Array.from({ length: count }, () => randomCase(random));

function askCommand({ text, ecl, width, margin }, engine, binary = command) {
	const flags = ["--ecl", ecl, "--width", `${width}`, "--margin", `${margin}`];
	const { status, stdout, stderr } = spawnSync(
		binary,
		[...flags, "--engine", engine],
		{ input: text },
	);
	assert.equal(stderr.toString(), "");
	assert.equal(status, 0);
	return stdout;
}

function askAddon({ text, ecl, width, margin }, engine) {
	const options = { errorCorrectionLevel: ecl, width, margin, engine };
	return toBufferSync(text, options);
}

async function askServer({ text, ecl, width, margin }, connection) {
	const query = new URLSearchParams({ text, ecl, width, margin });
	const { status, body } = await connection.request(`/qrcode?${query}`);
	assert.equal(status, 200, body.toString());
	return body;
}

/** The libraries of each engine as the binary itself names them. */
function librariesOf(binary) {
	const { stdout } = spawnSync(`${root}${binary}`, ["--version"]);
	const lines = stdout.toString().matchAll(/^engine (\S+): (.+)$/gm);
	return Object.fromEntries(
		Array.from(lines, ([, name, text]) => [name, text]),
	);
}

function assertSameImage(actual, expected, sameBytes, what) {
	if (actual.equals(expected)) return;
	assert.ok(!sameBytes, `${what}: other bytes from the same libraries`);
	const [a, b] = [readPng(actual), readPng(expected)];
	assert.deepEqual([a.width, a.height], [b.width, b.height], what);
	assert.ok(Buffer.from(a.dark).equals(Buffer.from(b.dark)), `${what}: pixels`);
}

const hostsOnCore = [
	"coprocess",
	"wasm",
	"ffi",
	"addon",
	"addon-http",
	"addon-async",
	"worker",
	"sidecar",
	"server",
	"server-nginx",
];

for (const engine of engines)
	describe(`engine ${engine}`, () => {
		const isSameEverywhere = engine === "fast";
		let inCommand;
		let inServer;
		before(() => {
			inCommand = librariesOf("build/Release/qrpng")[engine];
			inServer = librariesOf("build/Release/qrpng-server")[engine];
		});

		test("every packaging names its libraries", () => {
			assert.ok(inCommand, "qrpng --version");
			assert.ok(inServer, "qrpng-server --version");
			assert.ok(engineLibraries(engine), "engineLibraries()");
		});

		test(`the command draws ${count} texts as the addon does`, () => {
			const same = isSameEverywhere || inCommand === engineLibraries(engine);
			for (const each of cases)
				assertSameImage(
					askCommand(each, engine),
					askAddon(each, engine),
					same,
					JSON.stringify(each),
				);
		});

		for (const name of engine === "fast" ? hostsOnCore : ["server"])
			test(`${name} draws ${count} texts as the addon does`, () =>
				withHost(findHost(name), ["--engine", engine], async ({ port }) => {
					const same = isSameEverywhere || inServer === engineLibraries(engine);
					const connection = await connect(port);
					for (const each of cases)
						assertSameImage(
							await askServer(each, connection),
							askAddon(each, engine),
							same,
							JSON.stringify(each),
						);
					connection.destroy();
				}));
	});

/** [engine, what the processor must be capable of, in the words of the kernel] */
const paths = [
	["fast:baseline", []],
	["fast:128", ["sse4_2", "popcnt"]],
	["fast:256", ["avx2", "popcnt"]],
	["fast:512", ["avx512f", "avx512_vpopcntdq", "popcnt"]],
];

/** Wide vectors are built for x86-64 alone. */
function canRun(needed) {
	const cpu = readFileSync("/proc/cpuinfo", "utf8");
	const flags = /^flags\s*:(.*)$/m.exec(cpu)?.[1].trim().split(" ") ?? [];
	return needed.every((flag) => flags.includes(flag));
}

function assertSameBytes(selected, engine, binary) {
	for (const each of selected)
		assert.ok(
			askCommand(each, engine, binary).equals(askAddon(each, "fast")),
			JSON.stringify(each),
		);
}

describe("engine fast in every build of the command", () => {
	for (const [engine, needed] of paths)
		if (canRun(needed))
			test(`${engine} writes ${count} images as the addon does`, () => {
				assertSameBytes(cases, engine);
			});
		else
			test(`${engine} is refused, since this machine can't run it`, () => {
				const args = ["--engine", engine, "hello"];
				assert.equal(spawnSync(command, args).status, 2);
			});

	test("built for the sanitizers it writes the same images", () => {
		assertSameBytes(cases.slice(0, 100), "fast", sanitizedCommand);
	});
});
