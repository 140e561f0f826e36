// Raw requests, byte by byte: each gets exactly one answer, or what comes after it is given up with the connection.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { hosts, startHost, startOnPath } from "./hosts.js";
import { within } from "./http.js";
import { methodsIn, sections, splittable } from "./wire/rows.js";

const CONCURRENT = 32;
const sentinel =
	"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

/** Statuses of whole answers; throws at anything that is none. methods: of the requests that they answer. */
function parseAnswers(bytes, methods) {
	const statuses = [];
	let rest = bytes;
	while (rest !== "") {
		const head =
			/^HTTP\/1\.1 (\d{3}) [^\r\n]*\r\n((?:[^\r\n:]+: [^\r\n]*\r\n)*)\r\n/.exec(
				rest,
			);
		assert.ok(head, `no answer: ${JSON.stringify(rest.slice(0, 200))}`);
		const [whole, status, fields] = head;
		rest = rest.slice(whole.length);
		if (status === "100") continue;
		const lengths = fields.match(/^content-length: \d+$/gim) ?? [];
		assert.ok(lengths.length <= 1, `lengths: ${lengths}`);
		const isEmpty = methods[statuses.length] === "HEAD" || status === "304";
		let length = isEmpty ? 0 : Number(lengths[0]?.slice(16));
		if (/^transfer-encoding: chunked$/im.test(fields) && !isEmpty)
			length = rest.indexOf("0\r\n\r\n") + 5;
		// Without a length the end of the connection ends the body.
		if (Number.isNaN(length)) length = rest.length;
		assert.ok(rest.length >= length, "half an answer");
		rest = rest.slice(length);
		statuses.push(Number(status));
	}
	return statuses;
}

/** Whether all answers to that many requests are there, more or less: then it is time for the sentinel. */
const countHeads = (bytes) =>
	bytes.match(/HTTP\/1\.1 [2-5]\d\d /g)?.length ?? 0;

/**
 * Sends the pieces one after the other and, once as many answers have come as are expected, one more request: so the answers are
 * known to be all. Resolves to the outcome.
 */
async function ask(address, pieces, { ends = false, answers }) {
	const socket = net.connect({ ...address, allowHalfOpen: true });
	await within("connecting", once(socket, "connect"));
	socket.setNoDelay(true);
	let received = "";
	let isSentinelSent = false;
	const sendSentinel = () => {
		if (isSentinelSent || ends || countHeads(received) < answers) return;
		isSentinelSent = true;
		socket.write(sentinel);
	};
	socket.setEncoding("latin1").on("data", (bytes) => {
		received += bytes;
		sendSentinel();
	});
	socket.on("error", () => {});
	const ended = new Promise((resolve) => {
		socket.on("end", resolve).on("close", resolve);
	});
	for (const piece of pieces)
		await new Promise((resolve) => {
			socket.write(Buffer.from(piece, "latin1"), () => setImmediate(resolve));
		});
	if (ends) socket.end();
	await within("the end of a connection", ended);
	socket.destroy();
	const methods = [...methodsIn(pieces.join("")), "GET"];
	const statuses = parseAnswers(received, methods);
	const isOpen =
		isSentinelSent && statuses.at(-1) === 200 && received.endsWith("ok\n");
	if (isOpen) statuses.pop();
	return [...statuses, isOpen ? "open" : "closed"];
}

const isRefusal = (outcome) =>
	outcome.length === 2 && outcome[0] >= 400 && outcome[0] !== 500;

function expectedOf([, , c, special = {}], kind) {
	if (kind === "c") return c;
	if (special[kind] !== undefined) return special[kind];
	return c.at(-1) === "closed" && c.length === 2 && c[0] >= 400 ? "refused" : c;
}

function assertOutcome(outcome, expected) {
	if (expected === "any") return;
	if (expected === "refused") assert.ok(isRefusal(outcome), `${outcome}`);
	else assert.equal(`${outcome}`, `${expected}`);
}

/** Runs check on all rows, several at once, and fails with all the messages. */
async function checkAll(rows, check) {
	const failures = [];
	const queue = [...rows];
	const work = async () => {
		for (let row = queue.shift(); row; row = queue.shift())
			await check(row).catch(({ message }) => {
				failures.push(`${row[0]}: ${message}`);
			});
	};
	await Promise.all(Array.from({ length: CONCURRENT }, work));
	assert.ok(failures.length === 0, `\n${failures.join("\n")}`);
}

const kindOf = ({ native, proxied }) =>
	native ? "c" : proxied ? "nginx" : "express";

const directory = mkdtempSync(path.join(os.tmpdir(), "qrpng-wire-"));
after(() => rmSync(directory, { recursive: true }));

/** [name, host, whether it listens on a Unix socket] */
const wanted = hosts.filter(({ name }) =>
	[
		"addon",
		"server",
		"server-uring",
		"server-nginx",
		"server, sanitized",
	].includes(name),
);
const places = wanted.flatMap((host) => [
	[host.name, host, false],
	...(host.native ? [[`${host.name} on a Unix socket`, host, true]] : []),
]);

for (const [name, host, onPath] of places)
	describe(name, () => {
		const kind = kindOf(host);
		let running;
		let address;
		before(async () => {
			const socket = path.join(directory, `${host.name}.sock`);
			running = await (onPath ? startOnPath(host, socket) : startHost(host));
			address = onPath
				? { path: socket }
				: { port: running.port, host: "127.0.0.1" };
		});
		after(() => running?.kill());

		for (const [section, rows] of Object.entries(sections))
			test(`${section}: ${rows.length} cases`, () =>
				checkAll(rows, async (row) => {
					const [, bytes, , { ends } = {}] = row;
					const expected = expectedOf(row, kind);
					if (expected === "skip") return;
					const answers = Array.isArray(expected) ? expected.length - 1 : 1;
					const outcome = await ask(address, [bytes], { ends, answers });
					assertOutcome(outcome, expected);
				}));

		for (const [i, [bytes, outcome]] of splittable.entries()) {
			const answers = outcome.length - 1;

			test(`split at every byte, ${i + 1}`, () =>
				checkAll(
					Array.from({ length: bytes.length - 1 }, (_, before) => [before + 1]),
					async ([at]) => {
						const pieces = [bytes.slice(0, at), bytes.slice(at)];
						assertOutcome(await ask(address, pieces, { answers }), outcome);
					},
				));

			test(`resets at every tenth byte do no harm, ${i + 1}`, async () => {
				for (let at = 1; at < bytes.length; at += 10) {
					const socket = net.connect(address);
					await within("connecting", once(socket, "connect"));
					socket.write(bytes.slice(0, at));
					if (onPath) socket.destroy();
					else socket.resetAndDestroy();
				}
				assertOutcome(await ask(address, [bytes], { answers }), outcome);
			});
		}

		test("it ends cleanly", () => running.stop());
	});
