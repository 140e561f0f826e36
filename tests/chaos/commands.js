// The command qrpng and its --pipe, each run over and over while calls fail, streams are closed or full, and limits are low.
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { decodeQrCode } from "../../bench/subjects/decode.js";
import { root } from "../contract/hosts.js";
import { within } from "../contract/http.js";
import { createRandom } from "../random.js";
import { Injector } from "./injector.js";

const COMMAND = path.join(root, "build/Release/qrpng");
const TEXT = "chaos ".repeat(30);
const HANG_MS = 60_000;
const SHARES = [0.02, 0.2, 0.6];
const PIPE_REQUESTS = 200;
const MAX_COMPLAINTS = 20;
const SMALL_STACK = "--stack=131072:131072";
const calls = [
	"malloc ENOMEM",
	"mmap ENOMEM",
	"read EINTR",
	"read short",
	"write EINTR",
	"write short",
	"write ENOSPC",
	"fork EAGAIN",
];
const limits = ["--nofile=3", "--fsize=1", "--as=12000000", "--nproc=1"];
const WIDTH = [0, 200]; // as a u16

/** A request to qrpng --pipe: see cli/pipe.h. */
function frameOf(text) {
	const body = Buffer.from([0, 4, ...WIDTH, ...Buffer.from(text)]);
	const head = Buffer.alloc(4);
	head.writeUInt32BE(body.length);
	return Buffer.concat([head, body]);
}

/** One way to run a command, again and again. */
class Runs {
	answers = { right: 0, 503: 0, wrong: 0, "cut off": 0, unanswered: 0 };
	complaints = [];
	limited = {};
	#directory = mkdtempSync(path.join(os.tmpdir(), "qr-tiers-chaos-"));
	#output = path.join(this.#directory, "code.png");
	#injector;
	#random;
	#png;

	constructor(injector, random) {
		this.#injector = injector;
		this.#random = random;
	}

	async prepare() {
		const { stdout } = await this.#run(["--width", "200", TEXT]);
		const { bytes } = await decodeQrCode(stdout);
		if (bytes.toString() !== TEXT)
			throw new Error("There is no right code to begin with.");
		this.#png = stdout;
	}

	close() {
		rmSync(this.#directory, { recursive: true });
	}

	#choose = (list) => list[this.#random(list.length)];

	#complain(sentence) {
		this.answers.wrong++;
		if (this.complaints.length < MAX_COMPLAINTS) this.complaints.push(sentence);
	}

	/** Sets one call to fail now and then, or a limit; returns the words before the command. */
	#arm() {
		for (const name of calls) this.#injector.set(name, 0);
		if (this.#random(4) === 0) {
			const limit = this.#choose(limits);
			this.limited[limit] = (this.limited[limit] ?? 0) + 1;
			return ["prlimit", SMALL_STACK, limit];
		}
		this.#injector.set(this.#choose(calls), this.#choose(SHARES));
		return ["prlimit", SMALL_STACK];
	}

	/** Resolves to { code, signal, stdout, stderr }. */
	async #run(args, { before = [], input, stdout = "pipe", pieces } = {}) {
		const [command, ...words] = [...before, COMMAND, ...args];
		const child = spawn(command, words, {
			env: { PATH: process.env.PATH, ...(before.length && this.#injector.env) },
			stdio: ["pipe", stdout, "pipe"],
		});
		const ended = once(child, "close");
		const said = { stdout: [], stderr: [] };
		for (const name of ["stdout", "stderr"])
			child[name]?.on("data", (bytes) => said[name].push(bytes));
		child.stdin.on("error", () => {}); // it may end first
		if (pieces) Readable.from(pieces).pipe(child.stdin);
		else child.stdin.end(input);
		try {
			const [code, signal] = await within("the command", ended, HANG_MS);
			return {
				code,
				signal,
				stdout: Buffer.concat(said.stdout),
				stderr: Buffer.concat(said.stderr).toString(),
			};
		} catch (error) {
			child.kill("SIGKILL");
			this.answers.unanswered++;
			throw error;
		}
	}

	/** It ended well with what is right, or as a command should that could not do it. */
	#judge({ code, signal, stderr }, isRight, isUntouched) {
		if (code === 0 && isRight) this.answers.right++;
		else if (signal !== null) this.#complain(`ended by ${signal}: ${stderr}`);
		else if (code === 0) this.#complain("exit code 0 without the right image");
		else if (!isUntouched) this.#complain(`half an output: ${stderr}`);
		else if (/^qrpng: [^\n]+\.\n$/.test(stderr) || isOfLoader(stderr))
			this.answers[503]++;
		else this.#complain(`exit code ${code}, and said: ${stderr}`);
	}

	async toStdout() {
		const args = ["--width", "200", ...(this.#random(2) ? [TEXT] : [])];
		const result = await this.#run(args, {
			before: this.#arm(),
			input: args.length === 2 ? TEXT : "",
		});
		const isPart = result.stdout.equals(
			this.#png.subarray(0, result.stdout.length),
		);
		this.#judge(result, result.stdout.equals(this.#png), isPart);
	}

	/** The file is there in full, or not at all; and nothing else is. */
	async toFile() {
		rmSync(this.#output, { force: true });
		const args = ["--width", "200", "-o", this.#output, TEXT];
		const result = await this.#run(args, { before: this.#arm(), input: "" });
		const isThere = existsSync(this.#output);
		const isRight = isThere && readFileSync(this.#output).equals(this.#png);
		const others = readdirSync(this.#directory).filter(
			(name) => name !== "code.png",
		);
		if (others.length > 0) this.#complain(`left behind: ${others.join(", ")}`);
		this.#judge(result, isRight, !isThere);
	}

	/** A closed or full standard output is an error with a sentence. */
	async toBadStream() {
		const script = this.#choose([
			'"$@" >&-',
			'"$@" >/dev/full',
			'"$@" 2>&- >/dev/full',
			'"$@" <&-',
		]);
		const args = ["-c", script, "sh", COMMAND, "--width", "200", TEXT];
		const child = spawn("sh", args, { stdio: ["pipe", "pipe", "pipe"] });
		child.stdin.end();
		const chunks = [];
		let stderr = "";
		child.stdout.on("data", (bytes) => chunks.push(bytes));
		child.stderr.setEncoding("utf8").on("data", (text) => {
			stderr += text;
		});
		const [code, signal] = await within(
			"the command",
			once(child, "close"),
			HANG_MS,
		);
		this.limited["bad stream"] = (this.limited["bad stream"] ?? 0) + 1;
		if (script.includes("2>&-") && code === 1) this.answers[503]++;
		else
			this.#judge(
				{ code, signal, stderr },
				Buffer.concat(chunks).equals(this.#png),
				true,
			);
	}

	/** Many requests to one process, in pieces of any size. */
	async pipe() {
		const frames = Buffer.concat(Array(PIPE_REQUESTS).fill(frameOf(TEXT)));
		const pieces = [];
		for (let at = 0; at < frames.length; ) {
			const nbytes = 1 + this.#random(3000);
			pieces.push(frames.subarray(at, at + nbytes));
			at += nbytes;
		}
		const result = await this.#run(["--pipe"], { before: this.#arm(), pieces });
		let rest = result.stdout;
		let answered = 0;
		while (rest.length >= 5) {
			const end = 4 + rest.readUInt32BE(0);
			if (rest.length < end) break;
			const body = rest.subarray(5, end);
			if (rest[4] === 0 && body.equals(this.#png)) this.answers.right++;
			else if (rest[4] === 2) this.answers[503]++;
			else
				this.#complain(
					`qrpng --pipe answered ${rest[4]}: ${body.latin1Slice(0, 100)}`,
				);
			answered++;
			rest = rest.subarray(end);
		}
		if (result.code === 0 && answered === PIPE_REQUESTS && rest.length === 0)
			return;
		this.#judge({ ...result, code: result.code || 1 }, false, true);
	}
}

/** What the system says where it can't even load a program. */
const isOfLoader = (stderr) =>
	/error while loading shared libraries|cannot|failed to|Cannot allocate/.test(
		stderr,
	);

/** Like runTarget() of run.js. */
export async function runCommand(target, { durationMs, seed }) {
	const injector = new Injector({ seed });
	const runs = new Runs(injector, createRandom(seed));
	const start = performance.now();
	try {
		await runs.prepare();
		while (performance.now() - start < durationMs)
			for (const way of target.ways) await runs[way]();
	} catch (error) {
		runs.complaints.push(error.message);
	} finally {
		runs.close();
	}
	const faults = { ...injector.counts(), ...runs.limited };
	injector.close();
	return {
		name: target.name,
		seconds: (performance.now() - start) / 1000,
		faults,
		answers: runs.answers,
		complaints: runs.complaints,
	};
}
