// deploy/nginx-signed.conf: only what was signed is made, each client gets its share, and the log has no text.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
	chmodSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { readPng } from "../../bench/subjects/png.js";
import { findPort } from "../../server/nginx/ports.js";
import { root } from "../contract/hosts.js";
import { accepts, eventually, request, within } from "../contract/http.js";
import { launch, startServer, stopServer } from "../server/native/launch.js";

const SECRET = "for tests alone";
const directory = mkdtempSync(path.join(tmpdir(), "qrpng-signed-"));
const file = (name) => path.join(directory, name);
const log = () => readFileSync(file("access.log"), "utf8");
let port;
let server;
let nginx;

const secondsFromNow = (seconds) => Math.floor(Date.now() / 1000) + seconds;

/** As docs/deploying.md says. */
function sign(query, expires, secret = SECRET) {
	const signature = createHash("md5")
		.update(`${expires} ${query} ${secret}`)
		.digest("base64url");
	return `/s/${signature}/${expires}/qrcode?${query}`;
}

function siteConfig() {
	let text = readFileSync(`${root}deploy/nginx-signed.conf`, "utf8");
	for (const [from, to] of [
		["listen 80;", `listen 127.0.0.1:${port};`],
		["unix:/run/qr-tiers/qrpng.sock", `unix:${file("qrpng.sock")}`],
		["/etc/nginx/qr-tiers-secret.conf;", `${file("secret.conf")};`],
		["/var/log/nginx/qr-tiers.log", file("access.log")],
		["/var/log/nginx/error.log", "stderr"],
	]) {
		assert.ok(text.includes(from), from);
		text = text.replace(from, to);
	}
	return text;
}

const mainConfig = () => `
daemon off;
master_process off;
pid ${file("nginx.pid")};
error_log stderr emerg;
events {}
http {
${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `    ${name}_temp_path ${file("temp")};`).join("\n")}
    include ${file("site.conf")};
}
`;

before(async () => {
	chmodSync(directory, 0o755);
	port = await findPort("127.0.0.1", 0);
	writeFileSync(file("secret.conf"), `set $qr_secret "${SECRET}";\n`);
	writeFileSync(file("site.conf"), siteConfig());
	writeFileSync(file("nginx.conf"), mainConfig());
	server = await startServer("build/Release/qrpng-server", [
		"--unix",
		file("qrpng.sock"),
	]);
	nginx = launch("nginx", ["-c", file("nginx.conf")], {
		env: { PATH: `${process.env.PATH}:/usr/sbin` },
	});
	await eventually("nginx", () => accepts(port));
});

after(() => rmSync(directory, { recursive: true }));

const statusOf = async (target) => (await request(port, target)).status;

test("what was signed is made, whatever its escapes", async () => {
	for (const query of [
		"text=hello",
		"text=a%2Fb%20c+%C3%A9%26&ecl=H&width=300",
	]) {
		const { status, body } = await request(
			port,
			sign(query, secondsFromNow(60)),
		);
		assert.equal(status, 200);
		readPng(body);
	}
	assert.equal(await statusOf(sign("text=%ZZ", secondsFromNow(60))), 400);
});

test("nothing else is", async () => {
	const good = sign("text=secret", secondsFromNow(60));
	assert.equal(await statusOf("/qrcode?text=secret"), 404);
	assert.equal(await statusOf(`${good}&width=300`), 403);
	assert.equal(await statusOf(good.replace("secret", "secreu")), 403);
	assert.equal(
		await statusOf(good.replace(/\/\d+\//, `/${secondsFromNow(600)}/`)),
		403,
	);
	assert.equal(
		await statusOf(sign("text=secret", secondsFromNow(60), "another")),
		403,
	);
	assert.equal(await statusOf(sign("text=secret", secondsFromNow(-60))), 410);
	assert.equal(await statusOf("/healthz"), 200);
});

test("a client that asks too often is told to wait", async () => {
	const target = sign("text=secret", secondsFromNow(60));
	const answers = await Promise.all(
		Array.from({ length: 150 }, () => request(port, target)),
	);
	const refused = answers.filter(({ status }) => status === 429);
	assert.ok(refused.length > 0);
	assert.ok(answers.some(({ status }) => status === 200));
	assert.equal(refused[0].headers["retry-after"], "1");
	assert.equal(refused[0].headers["cache-control"], "no-store");
	assert.match(refused[0].body.toString(), /^Too many requests: [^\n]+\n$/);
});

test("the log says what happened, without texts and signatures", async () => {
	await eventually("lines", () => log().split("\n").length > 150);
	const lines = log()
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line));
	assert.doesNotMatch(log(), /secret|qrcode|hello/);
	assert.ok(
		lines.some(({ path: place, status }) => place === "/s" && status === 200),
	);
	assert.ok(lines.some(({ status }) => status === 429));
});

test("both end cleanly", async () => {
	nginx.child.kill("SIGQUIT");
	const { code } = await within("nginx's end", nginx.ended);
	assert.equal(code, 0);
	assert.equal(nginx.stderr, "");
	await stopServer(server);
});
