"use strict";

const os = require("node:os");
const { buildName, builtFile } = require("./build-folder.cjs");

/**
 * What addon/src/addon.c exports.
 * @typedef {object} Binding
 * @property {[name: string, libraries: string][]} engines the default first
 * @property {string} version
 * @property {(options: Float64Array) => void} bind the options of all later calls: see writeOptions() in options.cjs
 * @property {(text: string | Uint8Array, pool: Buffer, offset: number) => number} encode makes an image, copies it there if it fits, and says
 * how many bytes it has
 * @property {(target: Buffer) => void} copyOutput copies the image of the last encode() that didn't fit
 * @property {(text: string | Uint8Array) => Promise<Buffer>} encodeAsync
 */

/**
 * Loads the native module. Node exports its own zlib to whatever it loads; RTLD_DEEPBIND (glibc only) makes libpng use the
 * system's zlib, which it was built for, so that the addon writes the same bytes as the command.
 * @type {() => Binding}
 */
module.exports = function load() {
	const file = builtFile("qrpng.node");
	const { RTLD_NOW, RTLD_DEEPBIND = 0 } = os.constants.dlopen;
	/** @type {{ exports: any }} */
	const native = { exports: {} };
	try {
		process.dlopen(native, file, RTLD_NOW | RTLD_DEEPBIND);
	} catch (cause) {
		const where = `${process.platform}-${process.arch}, Node ${process.versions.node}`;
		const command =
			buildName() === "Debug"
				? "npm run build:debug"
				: "npm rebuild qr-tiers --foreground-scripts";
		throw new Error(
			`The native module of qr-tiers can't be loaded (${where}): ${cause.message}. ` +
				`Build it with "${command}", which says what is missing.`,
			{ cause },
		);
	}
	return native.exports;
};
