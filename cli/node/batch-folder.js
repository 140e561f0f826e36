// The folder of a batch.

import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";

const MAX_WRITERS = 256;

/**
 * Always the same ones, so that the next batch finds what a killed one has left. They are also those of qrpng.
 * @type {(folder: string, writer: number) => string}
 */
const temporaryOf = (folder, writer) =>
	path.join(folder, `.qrpng-batch-${writer}`);

/**
 * What only one process can have at a time, and nobody once it is gone, however it ended. Elsewhere than on Linux and Windows there is no
 * such name.
 * @type {(folder: string) => string | undefined}
 */
function lockOf(folder) {
	const { dev, ino } = fs.statSync(folder, { bigint: true });
	const name = `qr-tiers-batch-${dev}-${ino}`;
	if (process.platform === "linux") return `\0${name}`;
	return process.platform === "win32" ? `\\\\.\\pipe\\${name}` : undefined;
}

/** @type {(folder: string) => Promise<net.Server | undefined>} */
async function lock(folder) {
	const name = lockOf(folder);
	if (name === undefined) return undefined;
	const server = net.createServer().unref();
	server.listen(name);
	try {
		await once(server, "listening");
	} catch (error) {
		if (error.code !== "EADDRINUSE") throw error;
		throw new Error("another batch is writing there");
	}
	return server;
}

/**
 * Makes the folder if it isn't there, keeps other batches out of it, and removes what a killed one has left half-written. Returns what
 * ends that.
 * @type {(folder: string) => Promise<() => void>}
 */
export async function openFolder(folder) {
	try {
		fs.mkdirSync(folder);
	} catch (error) {
		if (error.code !== "EEXIST") throw error;
	}
	fs.opendirSync(folder).closeSync();
	const held = await lock(folder);
	for (let writer = 0; writer < MAX_WRITERS; writer++)
		fs.rmSync(temporaryOf(folder, writer), { force: true });
	return () => held?.close();
}

/** @type {(file: Buffer, bytes: Uint8Array) => boolean} */
function holds(file, bytes) {
	const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;
	let descriptor;
	try {
		descriptor = fs.openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
	} catch {
		return false;
	}
	try {
		const stats = fs.fstatSync(descriptor);
		if (!stats.isFile() || stats.size !== bytes.length) return false;
		return fs.readFileSync(descriptor).equals(bytes);
	} catch {
		return false;
	} finally {
		fs.closeSync(descriptor);
	}
}

export class FolderWriter {
	#folder;
	#temporary;

	/**
	 * @param {string} folder
	 * @param {number} index another one for each that writes at the same time
	 */
	constructor(folder, index) {
		this.#folder = Buffer.from(path.join(folder, path.sep));
		this.#temporary = temporaryOf(folder, index);
	}

	/**
	 * Makes a file in one step, in place of what has that name. Returns false if one is there that holds those bytes.
	 * @type {(name: Buffer, bytes: Uint8Array) => boolean}
	 */
	write(name, bytes) {
		const file = Buffer.concat([this.#folder, name]);
		if (holds(file, bytes)) return false;
		try {
			fs.writeFileSync(this.#temporary, bytes, { flag: "wx" });
			fs.renameSync(this.#temporary, file);
		} catch (error) {
			fs.rmSync(this.#temporary, { force: true });
			throw error;
		}
		return true;
	}
}
