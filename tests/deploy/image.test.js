// The image that npm run image has made, where it has: what is in it, and that it runs with nothing around it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	statSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import { factsOf } from "../../scripts/binary-facts.js";
import { request } from "../contract/http.js";
import { portOf, startServer, stopServer } from "../server/native/launch.js";

const root = path.join(import.meta.dirname, "../..");
const archive = path.join(root, "build/image/qrpng-server.oci.tar");
const program = path.join(root, "build/image/qrpng-server");
const skip = existsSync(archive) ? false : "npm run image makes it";

const folder = mkdtempSync(path.join(os.tmpdir(), "qr-tiers-image-"));
after(() => rmSync(folder, { recursive: true }));

const readBlob = ({ digest }) =>
	path.join(folder, "blobs", digest.replace(":", "/"));
const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));

/** { config, layers }: what the archive holds. */
function unpack() {
	execFileSync("tar", ["-xf", archive, "-C", folder]);
	const [manifest] = readJson(path.join(folder, "index.json")).manifests;
	const { config, layers } = readJson(readBlob(manifest));
	return { config: readJson(readBlob(config)).config, layers };
}

describe("the image", { skip }, () => {
	test("it has at most 3 MB", () => {
		assert.ok(statSync(archive).size <= 3_000_000);
	});

	test("it holds one file, run by a user without rights, in the sandbox", () => {
		const { config, layers } = unpack();
		assert.equal(config.User, "65532:65532");
		assert.deepEqual(config.Entrypoint, ["/qrpng-server"]);
		assert.ok(config.Env.includes("QRPNG_FLAG_SANDBOX=1"), config.Env);
		assert.equal(layers.length, 1);
		const files = execFileSync("tar", ["-tf", readBlob(layers[0])], {
			encoding: "utf8",
		});
		assert.deepEqual(files.trim().split("\n"), ["qrpng-server"]);
	});

	test("the program is static, and hardened as far as a stripped one shows", () => {
		const facts = factsOf(program);
		const shown = ["position-independent", "RELRO", "no executable stack"];
		assert.deepEqual(
			shown.map((fact) => facts[fact]),
			["yes", "full", "yes"],
		);
		const headers = execFileSync("readelf", ["-lW", program]).toString();
		assert.doesNotMatch(headers, /INTERP/);
	});

	test("its list of parts has the program's digest", () => {
		const { components } = readJson(
			path.join(root, "build/image/sbom.cdx.json"),
		);
		const [digest] = execFileSync("sha256sum", [program], {
			encoding: "utf8",
		}).split(" ");
		assert.equal(components[0].hashes[0].content, digest);
		assert.equal(components.length, 6);
	});

	const isRoot = process.getuid() === 0;
	test("with nothing around it, as that user, it makes codes", {
		skip: isRoot ? false : "root alone can change its root",
	}, async () => {
		const place = path.join(folder, "root");
		mkdirSync(place);
		const { config, layers } = unpack();
		execFileSync("tar", ["-xf", readBlob(layers[0]), "-C", place]);
		const args = [`--userspec=${config.User}`, place, ...config.Entrypoint];
		const options = { env: { QRPNG_FLAG_SANDBOX: "1" } };
		const server = await startServer(
			"chroot",
			[...args, "--bind", "127.0.0.1", "--port", "0"],
			options,
		);
		const status = readFileSync(`/proc/${server.child.pid}/status`, "utf8");
		assert.match(status, /^Uid:\t65532\t/m);
		assert.match(status, /^Seccomp:\t2$/m);
		const { status: code } = await request(portOf(server), "/qrcode?text=a");
		assert.equal(code, 200);
		await stopServer(server);
	});
});
