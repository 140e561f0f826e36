// npm run bench:server: CPU time a request of the C server, which encodes each image, beside web servers that send files.
import {
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { exitAfterPrinting } from "../commands/printing.js";
import { stopChild } from "../hosts/child.js";
import { assignCpus } from "../hosts/cpus.js";
import { runWrk, wrkRequests } from "../load/wrk.js";
import { loadTexts } from "../subjects/texts.js";
import {
	ask,
	contenders,
	findFreePort,
	nodeTier,
	untilReady,
	writeImages,
} from "./contenders.js";
import { makeSlowRequests, runOverload } from "./overload.js";

const NS_PER_US = 1000;
const WARM_UP_SECONDS = 1;
const INTERRUPTED = 130;

function positiveInteger(value) {
	if (!/^[1-9]\d{0,5}$/.test(value))
		throw new InvalidArgumentError("Give a whole number above 0.");
	return Number(value);
}

/** @returns {any} */
function parseOptions() {
	const command = new Command("npm run bench:server --")
		.description(
			"CPU time a request: our server encodes, nginx and h2o send the same images from files. Rounds are interleaved.",
		)
		.option("--rounds <n>", "samples of each", positiveInteger, 8)
		.option("--seconds <n>", "length of a sample", positiveInteger, 2)
		.option("--connections <n>", "kept alive", positiveInteger, 64)
		.option(
			"--text <kind or file>",
			"short, mid, long, or a line each",
			"short",
		)
		.option("--against <path>", "another build of qrpng-server, as a row")
		.option(
			"--overload",
			"instead: twice the peak, in images that take long; what is answered, and how soon all is well again",
		)
		.option(
			"--tiers <ids>",
			"with --overload: these tiers of the Node hosts instead of the C server, with commas",
		)
		.option("--base <name>", "what the ratios are to", "nginx")
		.option("--contenders <names>", "with commas (default: all there are)");
	command.exitOverride(({ exitCode }) => exitAfterPrinting(exitCode));
	return command.parse().opts();
}

/** CPU time of a process and its children so far, of all their threads. */
function cpuNs(pid) {
	let sum = 0;
	for (const thread of readdirSync(`/proc/${pid}/task`)) {
		sum += Number(
			readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(
				" ",
			)[0],
		);
		const children = readFileSync(
			`/proc/${pid}/task/${thread}/children`,
			"utf8",
		);
		for (const child of children.split(" ").filter(Boolean))
			sum += cpuNs(child);
	}
	return sum;
}

const median = (values) => {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length / 2;
	return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2;
};

/** Median and the range of the middle half. */
const describe = (values, digits) => {
	const sorted = [...values].sort((a, b) => a - b);
	const at = (share) => sorted[Math.round(share * (sorted.length - 1))];
	return `${median(values).toFixed(digits)} (${at(0.25).toFixed(digits)}–${at(0.75).toFixed(digits)})`;
};

async function startAll(wanted, { directory, cpus, texts }) {
	const running = new Map();
	for (const [name, { start, target }] of Object.entries(wanted)) {
		const port = await findFreePort();
		const child = start({ directory, port, cpus: cpus.server });
		try {
			await untilReady(name, child, port);
		} catch (error) {
			await stopChild(child);
			console.error(`Without ${name}: ${error.message}`);
			continue;
		}
		const requestsFile = path.join(directory, `${name}.requests`);
		const requests = texts.map((text, i) => ({
			method: "GET",
			target: target(text, i),
		}));
		writeFileSync(requestsFile, wrkRequests(requests));
		running.set(name, { child, port, requestsFile, target });
	}
	return running;
}

/** Fails if one sends other images. */
async function verify(running, texts, images) {
	for (const [name, { port, target }] of running)
		for (const i of [0, texts.length - 1])
			if (
				name !== "constant" &&
				!images[i].equals(await ask(port, target(texts[i], i)))
			)
				throw new Error(`${name} sends another image for text ${i}.`);
}

async function measure({ child, port, requestsFile }, options, cpus, seconds) {
	const before = cpuNs(child.pid);
	let after = before;
	const { requests, failures } = await runWrk({
		url: `http://127.0.0.1:${port}/`,
		requestsFile,
		connections: options.connections,
		durationSeconds: seconds,
		cpus: cpus.generator,
		onLoadEnd: () => {
			after = cpuNs(child.pid);
		},
	});
	const failed = Object.values(failures).reduce((a, b) => a + b);
	if (failed > 0) throw new Error(`${failed} requests failed.`);
	return (after - before) / NS_PER_US / requests;
}

function report(samples, { base, rounds, connections, text }, cpus) {
	console.log(
		`\n${rounds} rounds, ${connections} connections, texts: ${text}, ${os.cpus()[0].model}, Node ${process.versions.node}${cpus.areShared ? ", server and generator share CPUs" : ""}`,
	);
	console.log(
		"Median (middle half); ratios are of samples of the same round.\n",
	);
	console.log(
		`${"".padEnd(12)}${"CPU µs a request".padEnd(24)}ratio to ${base}`,
	);
	for (const [name, values] of samples) {
		const against = samples.get(base);
		const ratios = against && values.map((value, i) => value / against[i]);
		console.log(
			`${name.padEnd(12)}${describe(values, 2).padEnd(24)}${ratios ? describe(ratios, 3) : "–"}`,
		);
	}
}

/** The images that the first contender, our own, makes of the texts. */
async function makeImages({ start, target }, texts, cpus) {
	const port = await findFreePort();
	const child = start({ port, cpus: cpus.server });
	try {
		await untilReady("epoll", child, port);
		const images = [];
		for (const text of texts) images.push(await ask(port, target(text)));
		return images;
	} finally {
		await stopChild(child);
	}
}

/**
 * Every other round in the opposite order. Resolves to CPU µs a request, by name.
 * @returns {Promise<Map<string, number[]>>}
 */
async function runRounds(running, options, cpus) {
	/** @type {Map<string, number[]>} */
	const samples = new Map();
	for (const name of running.keys()) samples.set(name, []);
	for (const host of running.values())
		await measure(host, options, cpus, WARM_UP_SECONDS);
	for (let round = 0; round < options.rounds; round++) {
		const order = [...running];
		if (round % 2) order.reverse();
		for (const [name, host] of order) {
			const cpuUs = await measure(host, options, cpus, options.seconds);
			samples.get(name)?.push(cpuUs);
		}
		process.stderr.write(`round ${round + 1} of ${options.rounds}\n`);
	}
	return samples;
}

function choose(all, names = Object.keys(all).join(",")) {
	const chosen = names.split(",");
	const unknown = chosen.find((name) => !(name in all));
	if (unknown !== undefined)
		throw new Error(
			`There is no ${unknown}; there are ${Object.keys(all).join(", ")}.`,
		);
	return Object.fromEntries(chosen.map((name) => [name, all[name]]));
}

/**
 * The C server has its texts; what a tier of the Node hosts does with any other is in reach of the generator.
 * @type {(all: Record<string, any>, options: any, place: any) => Promise<void>}
 */
async function overload({ epoll, uring }, options, place) {
	if (options.tiers === undefined) {
		const load = { ...options, requests: makeSlowRequests() };
		await runOverload({ epoll, uring }, load, place);
		return;
	}
	const ids = options.tiers.split(",");
	const wanted = Object.fromEntries(ids.map((id) => [id, nodeTier(id)]));
	const requests = options.texts.map((text) => ({
		method: "GET",
		target: nodeTier().target(text),
	}));
	await runOverload(wanted, { ...options, requests }, place);
}

async function main() {
	const options = parseOptions();
	const all = contenders(options.against);
	const wanted = choose(all, options.contenders);
	const texts = loadTexts(options.text);
	const cpus = assignCpus(1);
	const directory = mkdtempSync(
		path.join(os.tmpdir(), "qr-tiers-bench-server-"),
	);
	process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
	for (const signal of ["SIGINT", "SIGTERM"])
		process.on(signal, () => process.exit(INTERRUPTED));
	if (options.overload) {
		await overload(all, { ...options, texts }, { directory, cpus });
		return;
	}
	const images = await makeImages(all.epoll, texts, cpus);
	writeImages(directory, images);
	const running = await startAll(wanted, { directory, cpus, texts });
	try {
		await verify(running, texts, images);
		const samples = await runRounds(running, options, cpus);
		report(samples, options, cpus);
	} finally {
		for (const { child } of running.values()) await stopChild(child);
	}
}

main().catch((error) => {
	console.error(error.message);
	process.exitCode = 1;
});
