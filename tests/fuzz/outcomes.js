// Asks the parsers in C what they make of inputs: see outcomes.c.
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

const program = path.join(
	import.meta.dirname,
	"../../build/Sanitize/parser_outcomes",
);
const LENGTH_NBYTES = 4;

export class Outcomes {
	#child = spawn(program, { stdio: ["pipe", "pipe", "pipe"] });
	#received = Buffer.alloc(0);
	#stderr = "";
	#resolve;
	#reject;

	constructor() {
		this.#child.stdout.on("data", (bytes) => this.#receive(bytes));
		this.#child.stderr.on("data", (bytes) => {
			this.#stderr += bytes;
		});
		this.#child.stdin.on("error", () => {}); // its end says more
		this.#child.on("close", (status) =>
			this.#reject?.(
				new Error(`${program} ended by ${status}: ${this.#stderr}`),
			),
		);
	}

	/** Resolves to what came out in words. One at a time. */
	ask(kind, input) {
		const head = Buffer.alloc(1 + LENGTH_NBYTES, kind);
		head.writeUInt32BE(input.length, 1);
		this.#child.stdin.write(Buffer.concat([head, input]));
		return new Promise((resolve, reject) => {
			this.#resolve = resolve;
			this.#reject = reject;
		});
	}

	async close() {
		this.#reject = undefined;
		this.#child.stdin.end();
		if (this.#child.exitCode === null) await once(this.#child, "close");
	}

	#receive(bytes) {
		this.#received = Buffer.concat([this.#received, bytes]);
		if (this.#received.length < LENGTH_NBYTES) return;
		const end = LENGTH_NBYTES + this.#received.readUInt32BE();
		if (this.#received.length < end) return;
		const outcome = this.#received.subarray(LENGTH_NBYTES, end).toString();
		this.#received = this.#received.subarray(end);
		this.#resolve(outcome);
	}
}
