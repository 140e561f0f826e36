// Files, written whole or not at all.
"use strict";

const { randomBytes } = require("node:crypto");
const fs = require("node:fs/promises");
const path = require("node:path");
const { fileURLToPath } = require("node:url");

/** What keeps a folder from taking a new file, though the one that is there may be written to. */
const NO_NEW_FILES = new Set(["EACCES", "EPERM", "EROFS"]);

/**
 * By its name: "svg", "utf8" or, for all others, "png".
 * @type {(file: string) => string}
 */
function typeOfFile(file) {
	const extension = path.extname(file).toLowerCase();
	if (extension === ".svg") return "svg";
	return extension === ".txt" || extension === ".utf8" ? "utf8" : "png";
}

/**
 * The file that is replaced, links followed, and its permissions; undefined if there is none yet.
 * @type {(file: string) => Promise<{ target: string, stats: import("node:fs").Stats } | undefined>}
 */
async function findOld(file) {
	try {
		const target = await fs.realpath(file);
		return { target, stats: await fs.stat(target) };
	} catch (error) {
		if (error.code === "ENOENT") return undefined;
		throw error;
	}
}

/** @type {(target: string, content: string | Uint8Array, mode?: number) => Promise<void>} */
async function replace(target, content, mode) {
	const unfinished = `${target}.${randomBytes(6).toString("hex")}`;
	try {
		await fs.writeFile(unfinished, content, { flag: "wx", mode });
		if (mode !== undefined) await fs.chmod(unfinished, mode);
		await fs.rename(unfinished, target);
	} catch (error) {
		await fs.rm(unfinished, { force: true });
		throw error;
	}
}

/**
 * Whoever reads it finds the old content or the new one. What can't be replaced is written to: a device, a pipe, a file with other
 * names, or one in a folder that takes no new files.
 * @type {(file: string | URL, content: string | Uint8Array) => Promise<void>}
 */
async function writeFile(file, content) {
	const name = typeof file === "string" ? file : fileURLToPath(file);
	const old = await findOld(name);
	if (old && !(old.stats.isFile() && old.stats.nlink === 1))
		return fs.writeFile(name, content);
	try {
		await replace(old?.target ?? name, content, old && old.stats.mode & 0o777);
	} catch (error) {
		if (!old || !NO_NEW_FILES.has(error.code)) throw error;
		await fs.writeFile(name, content);
	}
}

module.exports = { typeOfFile, writeFile };
