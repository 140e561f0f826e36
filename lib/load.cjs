"use strict";

const os = require("node:os");
const { bindAddon } = require("./bindings/addon.cjs");
const { buildName, builtFile } = require("./build-folder.cjs");

/**
 * Loads the native module. Node exports its own zlib to whatever it loads; RTLD_DEEPBIND (glibc only) makes libpng use the
 * system's zlib, which it was built for, so that the addon writes the same bytes as the command.
 * @type {() => import("./bindings/binding.js").ThreadedBinding}
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
	return bindAddon(native.exports);
};
