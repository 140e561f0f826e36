// Files, written whole or not at all.
"use strict";

const { randomBytes } = require("node:crypto");
const fs = require("node:fs/promises");
const path = require("node:path");
const { fileURLToPath } = require("node:url");
const { getSystemErrorMap, promisify } = require("node:util");

/** As many as Linux follows. */
const MAX_LINKS = 40;
const OWN_DESCRIPTOR = /^\/(?:proc\/(?:self|\d+)|dev)\/fd\/(\d+)$/;
/** What keeps a folder from taking a new file, though the one that is there may be written to. */
const NO_NEW_FILES = new Set(["EACCES", "EPERM", "EROFS", "EBUSY"]);

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
 * Where to write: what is there, links followed, also one that leads to nothing yet; or what the process has open already.
 * @typedef {{ target: string, stats?: import("node:fs").Stats, descriptor?: number }} Place
 */

/**
 * As if the system had said so.
 * @type {(code: string) => Error}
 */
function failure(code) {
	const errors = [...getSystemErrorMap()];
	const [errno] = errors.find(([, [name]]) => name === code) ?? [];
	return Object.assign(new Error(code), { code, errno });
}

/** @type {(stats: import("node:fs").Stats) => boolean} */
function isOfOthers({ uid }) {
	const own = process.geteuid?.();
	return own !== undefined && uid !== own;
}

/** @type {(file: string) => Promise<import("node:fs").Stats | undefined>} */
async function lookAt(file) {
	try {
		return await fs.lstat(file);
	} catch (error) {
		if (error.code === "ENOENT") return undefined;
		throw error;
	}
}

/** @type {(file: string) => Promise<number | undefined>} */
async function descriptorOf(file) {
	const folder = await fs.realpath(path.dirname(file));
	const [, digits] =
		OWN_DESCRIPTOR.exec(path.join(folder, path.basename(file))) ?? [];
	const isOwn = folder === `/proc/${process.pid}/fd` || folder === "/dev/fd";
	return isOwn && digits !== undefined ? Number(digits) : undefined;
}

/** @type {(file: string, isCareful: boolean) => Promise<Place>} */
async function findPlace(file, isCareful) {
	let target = file;
	for (let i = 0; i <= MAX_LINKS; i++) {
		if (/[\\/]$/.test(target) && /[^\\/]/.test(target)) throw failure("EISDIR");
		const stats = await lookAt(target);
		if (!stats?.isSymbolicLink()) return { target, stats };
		const descriptor = await descriptorOf(target);
		if (descriptor !== undefined) return { target, descriptor };
		if (isCareful && stats.uid !== 0 && isOfOthers(stats))
			throw new Error("the symbolic link belongs to another user");
		const linked = await fs.readlink(target);
		target = path.isAbsolute(linked)
			? linked
			: `${path.dirname(target)}${path.sep}${linked}`;
	}
	throw failure("ELOOP");
}

/**
 * Where the group can't be the same, another group is not given more than everybody has.
 * @type {(file: string, stats: import("node:fs").Stats) => Promise<void>}
 */
async function takeOverPermissions(file, { mode, gid }) {
	const own = mode & 0o777;
	const ofOtherGroup = (own & 0o707) | ((own & 0o7) << 3);
	const isSame = await fs.chown(file, -1, gid).then(
		() => true,
		() => false,
	);
	await fs.chmod(file, isSame ? own : ofOtherGroup);
}

/** @type {(place: Place, content: string | Uint8Array, flush: boolean) => Promise<void>} */
async function replace({ target, stats }, content, flush) {
	const name = `.qr-tiers-${randomBytes(8).toString("hex")}`;
	const unfinished = path.join(path.dirname(target), name);
	const mode = stats && 0o600;
	try {
		await fs.writeFile(unfinished, content, { flag: "wx", mode, flush });
		if (stats !== undefined) await takeOverPermissions(unfinished, stats);
		await fs.rename(unfinished, target);
	} catch (error) {
		await fs.rm(unfinished, { force: true });
		throw error;
	}
}

/** @type {(place: Place, isCareful: boolean) => void} */
function checkOwner({ stats }, isCareful) {
	if (isCareful && stats?.isFile() && isOfOthers(stats))
		throw new Error("it belongs to another user");
}

/**
 * Whoever reads it finds the old content or the new one. What can't be replaced is written to: a device, a pipe, a file in a folder
 * that takes no new files, and, unless isCareful, a file with other names.
 *
 * isCareful: as a command should be that root may run: files and links of others are refused, and the file is on the disk when the
 * promise resolves.
 * @type {(file: string | URL, content: string | Uint8Array, options?: { isCareful?: boolean }) => Promise<void>}
 */
async function writeFile(file, content, { isCareful = false } = {}) {
	const name = typeof file === "string" ? file : fileURLToPath(file);
	const place = await findPlace(name, isCareful);
	checkOwner(place, isCareful);
	const { target, stats, descriptor } = place;
	if (descriptor !== undefined) return writeToOpen(descriptor, content);
	const hasOtherNames = stats !== undefined && stats.nlink > 1;
	if (stats && (!stats.isFile() || (hasOtherNames && !isCareful)))
		return fs.writeFile(target, content);
	try {
		await replace(place, content, isCareful);
	} catch (error) {
		if (!stats || !NO_NEW_FILES.has(error.code)) throw error;
		if (hasOtherNames)
			throw new Error(
				"its folder allows no new file, and to write into this one would change its other names, too",
			);
		await fs.writeFile(target, content, { flush: isCareful });
	}
}

/** @type {(descriptor: number, content: string | Uint8Array) => Promise<void>} */
async function writeToOpen(descriptor, content) {
	const { fstatSync, writeFile: write } = require("node:fs");
	const stats = fstatSync(descriptor);
	const isOfNode = !(
		stats.isFile() ||
		stats.isFIFO() ||
		stats.isSocket() ||
		stats.isCharacterDevice()
	);
	if (isOfNode) throw failure("EBADF");
	await promisify(write)(descriptor, content);
}

module.exports = { typeOfFile, writeFile };
