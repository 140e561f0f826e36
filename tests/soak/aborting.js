// Clients that a host meets in the wild, none of whom waits for an answer as it should.
import { connect, formatRequest, sleep } from "../contract/http.js";

const get = formatRequest("/qrcode?text=abort");
const postHead = (length) =>
	`POST /qrcode HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: ${length}\r\n\r\n`;
const batch = JSON.stringify(Array(100).fill("a text of a batch"));
const batchHead = `POST /qrcodes?width=500 HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${batch.length}\r\n\r\n`;

/** How each begins, and whether it waits until it may have been heard. */
const beginnings = {
	"says nothing": [""],
	"breaks off in a head": [get.subarray(0, 20)],
	"asks and goes": [get],
	"asks and goes when heard": [get, 3],
	"asks much and reads nothing": [Buffer.concat(Array(16).fill(get)), 20],
	"breaks off in a body": [`${postHead(1000)}some of it`, 3],
	"breaks off in a batch": [batchHead + batch.slice(0, 300), 3],
	"leaves a batch": [batchHead + batch, 5],
	"sends what is no HTTP": ["\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 3],
	"asks to upgrade": [
		"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
		3,
	],
};
const names = Object.keys(beginnings);
const endings = ["reset", "destroy", "end"];

/** How many of each there were. */
export class Aborting {
	counts = {};
	#port;
	#random;

	/** random(limit): a whole number below that. */
	constructor(port, random) {
		this.#port = port;
		this.#random = random;
	}

	/** Resolves when isOver() says so, and the last one has gone. */
	async run(isOver) {
		while (!isOver()) await this.#abort();
	}

	async #abort() {
		const name = names[this.#random(names.length)];
		const [bytes, waitMs = 0] = beginnings[name];
		const connection = await connect(this.#port);
		if (name === "asks much and reads nothing") connection.pause();
		connection.send(bytes);
		await sleep(waitMs);
		const ending = endings[this.#random(endings.length)];
		connection[ending]();
		// What only closes its side is to be closed by the host, too, or times out there.
		if (ending === "end") setTimeout(() => connection.destroy(), 200);
		this.counts[name] = (this.counts[name] ?? 0) + 1;
	}
}
