// qrpng-server among many clients, some of whom want more than their share.
import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { describe, test } from "node:test";
import {
	Connection,
	connect,
	eventually,
	formatRequest,
	request,
} from "../../contract/http.js";
import { binaries, portOf, startServer, stopServer } from "./launch.js";

/** From an address of loopback that is not everybody's. */
async function connectFrom(localAddress, port) {
	const socket = net.connect({ port, host: "127.0.0.1", localAddress });
	await once(socket, "connect");
	return new Connection(socket);
}

/** Whether a new connection from there is answered; else it is closed without a word. */
async function isAnswered(localAddress, port) {
	const socket = net.connect({ port, host: "127.0.0.1", localAddress });
	let answer = "";
	socket.on("error", () => {});
	socket.on("data", (bytes) => {
		answer += bytes.latin1Slice();
		socket.destroy();
	});
	socket.write(formatRequest("/healthz"));
	await new Promise((resolve) => socket.once("close", resolve));
	return answer.startsWith("HTTP/1.1 200 ");
}

const loops = [[], ["--io", "uring"]];
const canUse = async (binary, loop) => {
	try {
		await stopServer(await startServer(binary, ["--port", "0", ...loop]));
		return true;
	} catch {
		return false; // containers mostly forbid io_uring
	}
};

for (const { build, binary } of binaries)
	for (const loop of loops)
		describe(`${build} ${loop}`, async () => {
			if (loop.length > 0 && !(await canUse(binary, loop))) return;
			const start = (...flags) =>
				startServer(binary, ["--port", "0", ...loop, ...flags]);

			test("--max-connections-per-client: the others are not affected", async () => {
				const limit = ["--max-connections-per-client", "3", "--threads", "2"];
				const server = await start(...limit);
				const port = portOf(server);
				const greedy = [];
				for (let i = 0; i < 3; i++) {
					const connection = await connectFrom("127.0.0.2", port);
					assert.equal((await connection.request("/healthz")).status, 200);
					greedy.push(connection);
				}
				assert.equal(await isAnswered("127.0.0.2", port), false);
				assert.equal(await isAnswered("127.0.0.3", port), true);
				assert.equal((await request(port, "/healthz")).status, 200);
				greedy.pop().destroy();
				await eventually("a place", () => isAnswered("127.0.0.2", port));
				for (const connection of greedy) connection.destroy();
				await stopServer(server);
			});

			test("a client that sends much at once does not hold up others", async () => {
				const server = await start("--threads", "1", "--access-log", "-");
				const port = portOf(server);
				const [flood, other] = [await connect(port), await connect(port)];
				const count = 600;
				// Both are there when it goes on, the many first.
				server.child.kill("SIGSTOP");
				await flood.send(
					Buffer.concat(Array(count).fill(formatRequest("/qrcode?text=a"))),
				);
				await other.send(formatRequest("/healthz"));
				server.child.kill("SIGCONT");
				assert.equal((await other.read()).status, 200);
				for (let i = 0; i < count; i++)
					assert.equal((await flood.read()).status, 200);
				flood.destroy();
				other.destroy();
				await stopServer(server);
				const lines = server.stdout.split("\n").slice(1);
				const position = lines.findIndex((line) => line.includes("/healthz"));
				assert.ok(position >= 0 && position < count / 2, `${position}`);
			});
		});
