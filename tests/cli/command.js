// qrpng as users run it, in each of its builds: what the tests of the command share.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { decodeQrCode } from "../../bench/subjects/decode.js";

export const root = fileURLToPath(new URL("../../", import.meta.url));

export const environment = {
	...process.env,
	ASAN_OPTIONS: "detect_leaks=1:exitcode=99",
	UBSAN_OPTIONS: "print_stacktrace=1:halt_on_error=1",
};

/** The build with sanitizers says on standard error what it finds, so that all of these tests look for it. */
export const binaries = [`${root}build/Release/qrpng`];
const sanitized = `${root}build/Sanitize/qrpng`;
if (existsSync(sanitized)) binaries.push(sanitized);

const directory = mkdtempSync(path.join(tmpdir(), "qrpng-cli-"));
after(() => rmSync(directory, { recursive: true, force: true }));

let directories = 0;
export function freshDirectory() {
	const fresh = path.join(directory, String(directories++));
	mkdirSync(fresh);
	return fresh;
}

/** Ways to run one binary; options are those of spawnSync(). */
export function commandOf(binary) {
	function run(args, { input = "", ...options } = {}) {
		const { status, signal, stdout, stderr, error } = spawnSync(binary, args, {
			input,
			env: environment,
			timeout: 300_000,
			...options,
		});
		assert.ifError(error);
		assert.equal(signal, null);
		return { status, stdout, stderr: stderr?.toString() };
	}

	/** Runs a line of shell in which $QRPNG is the command. */
	function shell(line, options) {
		const { status, stdout, stderr } = spawnSync("sh", ["-c", line], {
			env: { ...environment, QRPNG: binary },
			timeout: 300_000,
			...options,
		});
		return { status, stdout, stderr: stderr.toString() };
	}

	function draw(args, options) {
		const { status, stdout, stderr } = run(args, options);
		assert.equal(stderr, "");
		assert.equal(status, 0);
		return stdout;
	}

	return { run, shell, draw };
}

/** A batch of what comes on standard input, which stays open: { child, exited }. */
export function startBatch(binary, folder, args = []) {
	const flags = ["--batch", "-", "--out-dir", folder, ...args];
	const child = spawn(binary, flags, { env: environment });
	let stderr = "";
	child.stderr.on("data", (chunk) => {
		stderr += chunk;
	});
	const exited = once(child, "close").then(([status, signal]) => ({
		status,
		signal,
		stderr,
	}));
	return { child, exited };
}

/** sentence: all of it, or a RegExp. */
export function assertFails(result, status, sentence) {
	assert.match(result.stderr, /^qrpng: [^\n]+\n$/);
	if (sentence instanceof RegExp) assert.match(result.stderr, sentence);
	else if (sentence) assert.equal(result.stderr, `qrpng: ${sentence}\n`);
	assert.equal(result.status, status);
	assert.equal(result.stdout?.length ?? 0, 0);
}

export async function assertText(png, text) {
	const { bytes } = await decodeQrCode(png);
	assert.deepEqual(bytes, Buffer.from(text));
}
