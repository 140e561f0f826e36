// qrpng-server under systemd: a socket that is passed, and what the service manager is told.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import {
	Connection,
	eventually,
	formatRequest,
	within,
} from "../../contract/http.js";
import {
	binaries,
	launch,
	runToEnd,
	startServer,
	stopServer,
} from "./launch.js";

const directory = mkdtempSync(path.join(tmpdir(), "qrpng-systemd-"));
after(() => rmSync(directory, { recursive: true }));

/** As systemd does it: LISTEN_PID is known only in the process itself. */
const passing = (binary, count = 1) => [
	"sh",
	[
		"-c",
		`LISTEN_PID=$$ LISTEN_FDS=${count} exec "$0" "$@"`,
		binary,
		"--threads",
		"2",
	],
];

/** Keeps a listener open, as systemd does, and starts and stops a server on it: a line on stdin for each. */
const manager = `
import os, signal, socket, subprocess, sys
kind, place, command = sys.argv[1], sys.argv[2], sys.argv[3:]
listener = socket.socket(socket.AF_UNIX if kind == "unix" else socket.AF_INET)
listener.bind(place if kind == "unix" else ("127.0.0.1", 0))
listener.listen(128)
os.dup2(listener.fileno(), 3)
os.set_inheritable(3, True)
print("port", 0 if kind == "unix" else listener.getsockname()[1])
for line in sys.stdin:
    if line.strip() == "start":
        server = subprocess.Popen(command, close_fds=False)
    else:
        server.send_signal(signal.SIGTERM)
        print("ended", server.wait())
`;

async function ask(place) {
	const socket = net.connect({ ...place, allowHalfOpen: true });
	const connection = new Connection(socket);
	await connection.send(formatRequest("/qrcode?text=a"));
	const { status } = await connection.read();
	connection.destroy();
	return status;
}

for (const { build, binary } of binaries)
	describe(`${build}: systemd`, () => {
		test("a socket that is no listener, and two of them, are refused", async () => {
			const [command, args] = passing(binary);
			const file = process.stdout.fd;
			const odd = await runToEnd(command, args, { sockets: [file] });
			assert.equal(odd.code, 1);
			assert.match(odd.stderr, /^qrpng-server: The socket that systemd .*\.\n/);
			const two = await runToEnd(...passing(binary, 2), {
				sockets: [file, file],
			});
			assert.equal(two.code, 1);
			assert.match(two.stderr, /has passed 2 sockets: one is allowed\.\n$/);
		});

		for (const kind of ["tcp", "unix"])
			test(`${kind}: connections that come between two servers are answered by the second`, async () => {
				const socketPath = path.join(directory, `${build}.sock`);
				const [command, args] = passing(binary);
				const service = launch(
					"python3",
					["-uc", manager, kind, socketPath, command, ...args],
					{ stdin: "pipe" },
				);
				const count = (text) => service.stdout.split(text).length - 1;
				const order = async (what, sign) => {
					const before = count(sign);
					service.child.stdin.write(`${what}\n`);
					await eventually(what, () => count(sign) > before);
				};
				await eventually("a socket", () => count("port ") > 0);
				const port = Number(/port (\d+)/.exec(service.stdout)[1]);
				const place =
					kind === "unix" ? { path: socketPath } : { port, host: "127.0.0.1" };
				await order("start", "listening on ");
				assert.ok(
					service.stdout.includes(
						kind === "unix" ? `on unix:${socketPath} ` : `127.0.0.1:${port}/ `,
					),
				);
				assert.equal(await ask(place), 200);
				await order("stop", "ended 0");
				const waiting = Array.from({ length: 16 }, () => ask(place));
				await order("start", "listening on ");
				for (const status of await Promise.all(waiting))
					assert.equal(status, 200);
				await order("stop", "ended 0");
				service.child.stdin.end();
				await within("its end", service.ended);
				assert.equal(service.stderr, "");
			});

		test("what is for another process is left alone", async () => {
			const env = { LISTEN_PID: "1", LISTEN_FDS: "1" };
			const server = await startServer(binary, ["--port", "0"], { env });
			await stopServer(server);
		});

		test("it says when it is ready, and when it ends", async () => {
			const socketPath = path.join(directory, `${build}-notify`);
			const manager = launch("python3", [
				"-uc",
				`import socket, sys
manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
manager.bind(sys.argv[1])
print("bound")
for i in range(2):
    print(manager.recv(100).decode())`,
				socketPath,
			]);
			await eventually("the manager", () => existsSync(socketPath));
			const server = await startServer(binary, ["--port", "0"], {
				env: { NOTIFY_SOCKET: socketPath },
			});
			await eventually("ready", () => manager.stdout.includes("READY=1\n"));
			assert.doesNotMatch(manager.stdout, /STOPPING/);
			await stopServer(server);
			await within("the manager's end", manager.ended);
			assert.equal(manager.stdout, "bound\nREADY=1\nSTOPPING=1\n");
		});
	});
