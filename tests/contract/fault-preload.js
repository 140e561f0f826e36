// Loaded into a host ahead of its own code (node --import). After a SIGUSR2 it breaks the next call into something that no
// signal from outside can reach, and says so on stderr: a WebAssembly module, which traps, or a worker thread, which ends or,
// with ?hang, never returns.
import { writeSync } from "node:fs";
import {
	getEnvironmentData,
	isMainThread,
	setEnvironmentData,
} from "node:worker_threads";

// (module (func (export "trap") unreachable))
const TRAP = Buffer.from(
	"0061736d01000000" +
		"010401600000" +
		"03020100" +
		"07080104747261700000" +
		"0a05010300000b",
	"hex",
);

const STDERR_FD = 2;

/** Shared by all threads: 1 when a fault is due. */
const due = isMainThread
	? new Int32Array(new SharedArrayBuffer(4))
	: getEnvironmentData("due");

function isDue() {
	if (Atomics.exchange(due, 0, 0) === 0) return false;
	writeSync(STDERR_FD, "fault\n"); // in a thread process.stderr waits for the main one
	return true;
}

/** A stand-in for WebAssembly.Instance whose exports trap, truly, when it is due. */
function setTraps() {
	const { Instance, Module } = WebAssembly;
	const { trap } = new Instance(new Module(TRAP)).exports;
	const trapping =
		(call) =>
		(...args) =>
			isDue() ? trap() : call(...args);
	WebAssembly.Instance = function TrappingInstance(...args) {
		const { exports } = new Instance(...args);
		const wrapped = Object.entries(exports).map(([name, value]) => [
			name,
			typeof value === "function" ? trapping(value) : value,
		]);
		return { exports: Object.fromEntries(wrapped) };
	};
}

function breakDown() {
	if (!import.meta.url.endsWith("?hang")) process.exit(1);
	for (;;);
}

/** The addon's next call breaks the thread when it is due; with ?at=start, its loading does, too. */
function breakThread() {
	const isAtStart = import.meta.url.endsWith("?at=start");
	const { dlopen } = process;
	process.dlopen = (module, ...args) => {
		dlopen(module, ...args);
		if (isAtStart && isDue()) breakDown();
		const { encode } = module.exports;
		const breaking = (...parameters) => {
			if (isDue()) breakDown();
			return encode(...parameters);
		};
		module.exports = Object.create(module.exports, {
			encode: { value: breaking },
		});
	};
}

if (isMainThread) {
	setEnvironmentData("due", due);
	setTraps();
	process.on("SIGUSR2", () => Atomics.store(due, 0, 1));
} else {
	breakThread();
}
