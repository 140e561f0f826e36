// Empty projects in temporary folders, on a machine that has Node and no compiler.
import { spawnSync } from "node:child_process";
import {
	copyFileSync,
	mkdirSync,
	mkdtempSync,
	realpathSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";

const commandLimitMs = 900_000;
const MAX_REASON_CHARACTERS = 300;

/** Beside Node; what else a shell needs. */
const programs = ["sh", "env", "uname", "dirname", "sed", "tr", "id", "git"];

/** Where this machine's certificates are, if it says so. */
const { NODE_EXTRA_CA_CERTS } = process.env;

function makeBin(folder, node) {
	const bin = path.join(folder, "bin");
	mkdirSync(bin);
	for (const name of programs) {
		const { stdout } = spawnSync("sh", ["-c", `command -v ${name}`]);
		symlinkSync(realpathSync(stdout.toString().trim()), path.join(bin, name));
	}
	symlinkSync(node, path.join(bin, "node"));
	return bin;
}

/** A project with those files; remove() it. With hasCompilers PATH is this machine's own behind the given Node. */
export function makeProject({ node, files = {}, hasCompilers = false }) {
	const home = mkdtempSync(path.join(os.tmpdir(), "qr-tiers-install-"));
	const folder = path.join(home, "project");
	mkdirSync(folder);
	const manifest = { name: "project", version: "1.0.0", private: true };
	const all = { "package.json": JSON.stringify(manifest), ...files };
	for (const [name, text] of Object.entries(all))
		writeFileSync(path.join(folder, name), text);
	copyFileSync(
		path.join(import.meta.dirname, "check.cjs"),
		path.join(folder, "check.cjs"),
	);
	const bin = makeBin(home, node);
	const env = {
		PATH: hasCompilers ? `${bin}:${process.env.PATH}` : bin,
		HOME: home,
		NO_COLOR: "1",
		NO_UPDATE_NOTIFIER: "1",
		...(NODE_EXTRA_CA_CERTS ? { NODE_EXTRA_CA_CERTS } : {}),
	};
	return {
		folder,
		/** Returns { status, output }. */
		run(command, args, own = {}) {
			const { error, status, signal, stdout, stderr } = spawnSync(
				command,
				args,
				{
					cwd: folder,
					encoding: "utf8",
					env: { ...env, ...own },
					timeout: commandLimitMs,
				},
			);
			const output = `${stdout ?? ""}${stderr ?? ""}${error ?? ""}`;
			return { status: status ?? signal ?? 1, stdout, output };
		},
		remove: () => rmSync(home, { recursive: true, force: true }),
	};
}

/** What check.cjs printed, as a cell: which backend, or what went wrong. */
export function judge({ status, stdout, output }, digest) {
	if (status !== 0 || !stdout.startsWith("{"))
		return `failed: ${reasonOf(output)}`;
	const result = JSON.parse(stdout);
	return result.digest === digest
		? result.backend
		: `${result.backend}: other images`;
}

export function reasonOf(output) {
	return output.trim().replace(/\s+/g, " ").slice(-MAX_REASON_CHARACTERS);
}
