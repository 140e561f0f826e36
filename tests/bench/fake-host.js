// A host that misbehaves as told: node fake-host.js MODE [SIGN]. Its images are of another text, unless the mode says otherwise.
import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import QRCode from "qrcode";

const [mode, sign] = process.argv.slice(2);
const image = await QRCode.toBuffer("another text", { width: 200 });
const headers = { "Content-Type": "image/png", "Content-Length": image.length };
let answered = 0;

if (mode === "fails-to-start") {
	process.stderr.write("there is no \x1b[31mink\n");
	process.exit(7);
}

/** Uses so much CPU time, as an image does that takes long to make. */
function work(ms) {
	const usedMs = () => {
		const { user, system } = process.cpuUsage();
		return (user + system) / 1000;
	};
	for (const end = usedMs() + ms; usedMs() < end; );
}

/** Later: not in what is asked before a load. */
const fails = () =>
	mode === "fails" || (mode === "fails-later" && answered > 20);

const server = createServer((_request, response) => {
	answered += 1;
	if (mode === "dies-at-sign" && existsSync(sign)) {
		process.stderr.write("out of ink\n");
		process.exit(7);
	}
	if (mode === "crashes") {
		process.stderr.write("no paper\n");
		process.exit(8);
	}
	if (mode === "slow") work(5);
	if (mode === "no-length") {
		response.useChunkedEncodingByDefault = false;
		response.writeHead(200).end(image);
	} else if (fails() && answered % 2)
		response.writeHead(503).end('no "ink"\nleft\n');
	else response.writeHead(200, headers).end(image);
});
/** As a long collection of garbage does. */
function stall() {
	Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
}

/** Once ever, when somebody comes after the one who verifies it: as on a machine where others are busy. */
function nap() {
	connections += 1;
	if (connections < 2 || existsSync(sign)) return;
	writeFileSync(sign, "");
	Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
}

let connections = 0;
if (mode === "naps-once") server.on("connection", nap);
if (mode === "stalls") setInterval(stall, 1000);

server.listen(0, "127.0.0.1", () => {
	const { port } = server.address();
	process.stdout.write(
		`listening on http://127.0.0.1:${port}/ (fake ${mode})\n`,
	);
});
