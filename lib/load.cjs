"use strict";

const os = require("node:os");
const { buildName, builtFile } = require("./build-folder.cjs");

/**
 * What addon/src/addon.c exports.
 * @typedef {object} Binding
 * @property {[name: string, libraries: string][]} engines the default first
 * @property {string} version
 * @property {(...args: import("./options.cjs").Arguments) => number} encodeSync makes an image and says how many bytes it has
 * @property {(png: Buffer) => void} copyPng copies that image
 * @property {(...args: import("./options.cjs").Arguments) => Promise<Buffer>} encodeAsync
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
