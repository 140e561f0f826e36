// The queue of all batches of a process, with tiers of its own and a clock that the tests move.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Batches } from "../../../server/api/batches.js";
import { BusyError, RequestError } from "../../../server/errors.js";

const png = Buffer.alloc(100);
const measure = (images) => images.reduce((sum, { length }) => sum + length, 0);

function textsOf(name, count) {
	return Array.from({ length: count }, (_, i) => `${name}${i}`);
}

/** Starts a batch; resolves as Batches.encode() does. */
async function start(batches, tier, texts, controller = new AbortController()) {
	const { signal } = controller;
	const part = await batches.enter(10, signal);
	return batches.encode(tier, texts, { ecl: "L", signal }, part, measure);
}

/** A tier in this thread that notes what it makes, and takes so long for each by a clock that stands still otherwise. */
function createTier(t, msPerText) {
	let nowMs = 1000;
	mock.method(performance, "now", () => nowMs);
	t.after(() => mock.restoreAll());
	const made = [];
	const generate = (text) => {
		nowMs += msPerText;
		made.push(text);
		return png;
	};
	return { made, generate };
}

test("100 batches take one slice together before others are served", async (t) => {
	const tier = createTier(t, 1);
	const batches = new Batches(1e9);
	const all = textsOf("batch ", 100).map(() =>
		start(batches, tier, textsOf("", 5)),
	);
	let count = 0;
	while (tier.made.length < 500) {
		await nextTurn();
		const inOneTurn = tier.made.length - count;
		// Of two slices the one may come at the begin, the other at the end of a turn.
		assert.ok(inOneTurn <= 20, `${inOneTurn} ms without a pause`);
		count = tier.made.length;
	}
	for (const { images } of await Promise.all(all))
		assert.deepEqual(images, Array(5).fill(png));
});

test("a short batch is not held up by long ones", async (t) => {
	const tier = createTier(t, 1);
	const batches = new Batches(1e9);
	const long = [1, 2, 3].map(() => start(batches, tier, textsOf("long", 200)));
	await nextTurn();
	await start(batches, tier, ["short"]);
	assert.ok(tier.made.length < 100, `${tier.made.length} texts were before it`);
	await Promise.all(long);
});

test("a tier that works elsewhere has at most 8 texts of all batches to do", async () => {
	let running = 0;
	let most = 0;
	const tier = {
		async generate() {
			most = Math.max(most, ++running);
			await nextTurn();
			running--;
			return png;
		},
	};
	const batches = new Batches(1e9);
	await Promise.all([1, 2, 3].map(() => start(batches, tier, textsOf("", 50))));
	assert.equal(most, 8);
});

test("while the room is full only the oldest batch goes on", async (t) => {
	const tier = createTier(t, 0);
	// Half of it is for texts and images: 13 images and the 10 bytes of each batch.
	const batches = new Batches(2 * 1320);
	const end = async (name) => {
		const { unread } = await start(batches, tier, textsOf(name, 12));
		unread.leave();
	};
	await Promise.all([end("a"), end("b")]);
	const order = tier.made.map(([name]) => name).join("");
	assert.match(order, /^(ab){6}aaaaaab{6}$/);
});

test("while nobody takes the answers, others are refused", async (t) => {
	t.mock.timers.enable({ apis: ["setTimeout"] });
	const tier = { generate: () => png };
	const batches = new Batches(2 * 1000);
	const { unread } = await start(batches, tier, textsOf("", 9));
	const waiting = start(batches, tier, textsOf("", 9));
	const outcome = assert.rejects(waiting, BusyError);
	for (let i = 0; i < 20; i++) await nextTurn();
	t.mock.timers.tick(60_000);
	await outcome;
	unread.leave();
	const { images } = await start(batches, tier, textsOf("", 9));
	assert.equal(images.length, 9);
});

test("the first text that fails is named, and nothing more is begun", async () => {
	const begun = [];
	const tier = {
		async generate(text) {
			begun.push(text);
			await nextTurn();
			if (text >= "3") throw new RequestError(`no ${text}`);
			return png;
		},
	};
	const texts = textsOf("", 9).concat(textsOf("9", 90));
	await assert.rejects(start(new Batches(1e9), tier, texts), {
		message: "Text 4 of the batch: no 3",
	});
	assert.ok(begun.length < 20, `${begun.length} texts`);
});

test("a client that goes away frees what its batch held at once", async () => {
	const never = { generate: () => new Promise(() => {}) };
	const batches = new Batches(2 * 15);
	const controller = new AbortController();
	const gone = start(batches, never, ["a"], controller);
	await nextTurn();
	controller.abort();
	await assert.rejects(gone, { name: "AbortError" });
	const tier = { generate: () => Buffer.alloc(5) };
	const { images } = await start(batches, tier, ["a"]);
	assert.equal(images.length, 1);
});

test("images that are too large in all are refused", async () => {
	const tier = { generate: () => Buffer.alloc(1_000_000) };
	const batch = start(new Batches(1e9), tier, textsOf("", 100));
	await assert.rejects(batch, {
		status: 413,
		message: /^The images of the batch are too large: at most \d+ bytes/,
	});
});
