// Web servers, each with one thread or one worker, that answer the same requests with the same images.
import { mkdirSync, writeFileSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startChild } from "../hosts/child.js";

const root = path.join(import.meta.dirname, "../..");
const START_MS = 10_000;

/** Both would run as a user who may not read the images, if they are root's. */
const runsAs = (separator, end) =>
	process.getuid?.() === 0
		? `user${separator} ${os.userInfo().username}${end}`
		: "";

/** sendfile is on in Debian's configuration; for files as small as these it costs more than reading them. */
const nginxConfig = (usesSendfile) => (directory, port) =>
	`
${runsAs("", ";")}
daemon off;
pid ${directory}/nginx${usesSendfile ? "" : "-read"}.pid;
error_log stderr emerg;
worker_processes 1;
worker_rlimit_nofile 16384;
events { worker_connections 8192; }
http {
    client_body_temp_path ${directory}/temp;
    proxy_temp_path ${directory}/temp;
    fastcgi_temp_path ${directory}/temp;
    uwsgi_temp_path ${directory}/temp;
    scgi_temp_path ${directory}/temp;
    access_log off;
    sendfile ${usesSendfile ? "on" : "off"};
    tcp_nopush on;
    default_type image/png;
    open_file_cache max=4000 inactive=600s;
    open_file_cache_valid 600s;
    keepalive_requests 1000000000;
    server { listen 127.0.0.1:${port}; root ${directory}/images; }
}
`;

const h2oConfig = (directory, port) => `
${runsAs(":", "")}
num-threads: 1
pid-file: ${directory}/h2o.pid
error-log: ${directory}/h2o.log
listen: {host: 127.0.0.1, port: ${port}}
hosts:
  default:
    paths:
      /: {file.dir: "${directory}/images"}
`;

/**
 * Writes the images, by their place among the texts, where the web servers find them.
 * @type {(directory: string, images: Buffer[]) => void}
 */
export function writeImages(directory, images) {
	mkdirSync(path.join(directory, "images"), { recursive: true });
	mkdirSync(path.join(directory, "temp"), { recursive: true });
	for (const [i, image] of images.entries())
		writeFileSync(path.join(directory, "images", `${i}.png`), image);
}

const asQuery = (text) => `/qrcode?text=${encodeURIComponent(text)}`;
const asFile = (_text, i) => `/${i}.png`;
const constant = path.join(root, "build/Release/constant-server");

const program = (command, flags = []) => ({
	target: asQuery,
	start: ({ port, cpus }) =>
		startChild(command, ["--port", `${port}`, "--threads", "1", ...flags], {
			cpus,
		}),
});

/**
 * A tier in Express.
 * @type {(id?: string) => any}
 */
export const nodeTier = (id) => ({
	target: asQuery,
	start: ({ port, cpus }) =>
		startChild(
			process.execPath,
			["server/app.js", "--tier", `${id}`, "--port", `${port}`],
			{ cpus, cwd: root },
		),
});

const webServer = (command, flag, name, makeConfig) => ({
	target: asFile,
	start({ directory, port, cpus }) {
		const file = path.join(directory, name);
		writeFileSync(file, makeConfig(directory, port));
		const env = { PATH: `${process.env.PATH}:/usr/sbin` };
		return startChild(command, [flag, file], { cpus, env });
	},
});

/**
 * against: another build of qrpng-server, or undefined.
 * @type {(against?: string) => Record<string, any>}
 */
export const contenders = (against) => ({
	epoll: program(path.join(root, "build/Release/qrpng-server")),
	uring: program(path.join(root, "build/Release/qrpng-server"), [
		"--io",
		"uring",
	]),
	"two-threads": program(path.join(root, "build/Release/qrpng-server"), [
		"--threads",
		"2",
	]),
	...(against ? { against: program(path.resolve(against)) } : {}),
	constant: program(constant),
	nginx: webServer("nginx", "-c", "nginx.conf", nginxConfig(true)),
	"nginx-read": webServer("nginx", "-c", "read.conf", nginxConfig(false)),
	h2o: webServer("h2o", "-c", "h2o.conf", h2oConfig),
});

/**
 * Resolves to a port that is free for now.
 * @type {() => Promise<number>}
 */
export function findFreePort() {
	return new Promise((resolve, reject) => {
		const probe = net.createServer().once("error", reject);
		probe.listen(0, "127.0.0.1", () => {
			const { port } = /** @type {import("node:net").AddressInfo} */ (
				probe.address()
			);
			probe.close(() => resolve(port));
		});
	});
}

/**
 * Resolves to the answer's body; rejects if it isn't 200.
 * @type {(port: number, target: string) => Promise<Buffer>}
 */
export async function ask(port, target) {
	const response = await fetch(`http://127.0.0.1:${port}${target}`);
	if (response.status !== 200)
		throw new Error(`${target} was answered by ${response.status}.`);
	return Buffer.from(await response.arrayBuffer());
}

/**
 * Waits until it answers, and rejects with what it said if it has ended.
 * @type {(name: string, child: any, port: number) => Promise<void>}
 */
export async function untilReady(name, child, port) {
	let said = "";
	child.child.stderr.on("data", (bytes) => {
		said += bytes;
	});
	child.child.stdout.resume();
	for (const end = Date.now() + START_MS; Date.now() < end; await sleep(20)) {
		if (child.hasEnded)
			throw new Error(`${name} did not start: ${await child.ended} ${said}`);
		const isReady = await ask(port, "/healthz").then(
			() => true,
			({ cause }) => cause === undefined, // another answer is one, too
		);
		if (isReady) return;
	}
	throw new Error(`${name} did not answer within ${START_MS} ms. ${said}`);
}
