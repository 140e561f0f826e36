import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import path from "node:path";

/**
 * Addresses, and flags of run-nginx.js as they are written.
 * @typedef {{
 *   bind: string, port: number, socket: string, expressPort: number, threads: string, requestTimeoutMs: string,
 *   drainTimeoutMs: string,
 * }} NginxSettings
 */

const MODULES_WITH_FILES = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

/**
 * Fails if there is nothing to replace: then the file says something else than is taken for granted here.
 * @type {(text: string, replacements: [from: string, to: string][]) => string}
 */
function replaceAll(text, replacements) {
	for (const [from, to] of replacements) {
		if (!text.includes(from))
			throw new Error(`deploy/nginx.conf does not hold "${from}"`);
		text = text.replaceAll(from, to);
	}
	return text;
}

/**
 * deploy/nginx.conf with addresses and paths of this run.
 * @type {(settings: NginxSettings) => string}
 */
function siteConfig({ bind, port, socket, expressPort, requestTimeoutMs }) {
	const file = path.join(import.meta.dirname, "../../deploy/nginx.conf");
	const timeout = `${requestTimeoutMs}ms`;
	return replaceAll(readFileSync(file, "utf8"), [
		["listen 80;", `listen ${bind}:${port};`],
		["unix:/run/qr-tiers/qrpng.sock", `unix:${socket}`],
		["127.0.0.1:42069", `127.0.0.1:${expressPort}`],
		["/var/log/nginx/error.log", "stderr"],
		["client_header_timeout 10s", `client_header_timeout ${timeout}`],
		["client_body_timeout 10s", `client_body_timeout ${timeout}`],
	]);
}

/**
 * What is in /etc/nginx/nginx.conf otherwise.
 * @type {(settings: NginxSettings & { directory: string }) => string}
 */
function mainConfig({ directory, threads, drainTimeoutMs }) {
	const temporary = MODULES_WITH_FILES.map(
		(name) => `    ${name}_temp_path ${directory}/temp;`,
	);
	const user = process.getuid?.() === 0 ? `user ${userInfo().username};` : "";
	return `
${user}
daemon off;
pid ${directory}/nginx.pid;
error_log stderr emerg;
worker_processes ${threads};
worker_rlimit_nofile 16384;
worker_shutdown_timeout ${drainTimeoutMs}ms;
events {
    worker_connections 8192;
}
http {
${temporary.join("\n")}
    include ${directory}/site.conf;
}
`;
}

/**
 * Writes what nginx needs to a folder, and returns the path of the main file.
 * @type {(directory: string, settings: NginxSettings) => string}
 */
export function writeConfig(directory, settings) {
	const main = path.join(directory, "nginx.conf");
	mkdirSync(path.join(directory, "temp"));
	writeFileSync(path.join(directory, "site.conf"), siteConfig(settings));
	writeFileSync(main, mainConfig({ directory, ...settings }));
	return main;
}
