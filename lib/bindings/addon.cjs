// The native module as lib/ calls it.
"use strict";

const { fromCore } = require("../errors.cjs");
const { OPTION_COUNT } = require("../options.cjs");
const { BufferPool } = require("./buffer-pool.cjs");

/** @typedef {import("../text.cjs").Source} Source */

/** @type {(source: Source) => string | Uint8Array} */
function textOf(source) {
	return typeof source === "string" || source instanceof Uint8Array
		? source
		: source.bytes;
}

/** @type {(source: Source) => Int32Array | undefined} */
function segmentsOf(source) {
	return typeof source === "string" || source instanceof Uint8Array
		? undefined
		: source.segments;
}

/**
 * The binding on what addon/src/addon.c exports.
 * @type {(native: any) => import("./binding.js").ThreadedBinding}
 */
function bindAddon(native) {
	const options = new Float64Array(OPTION_COUNT);
	native.bind(options);
	const { encode, copyOutput } = native;
	const pool = new BufferPool();

	/** @type {(call: () => any) => any} */
	function orThrow(call) {
		try {
			return call();
		} catch (error) {
			throw fromCore(error);
		}
	}

	return {
		version: native.version,
		engines: native.engines,
		options,
		encode(source) {
			try {
				const { memory, offset } = pool;
				const nbytes =
					typeof source === "string"
						? encode(source, memory, offset)
						: encode(textOf(source), memory, offset, segmentsOf(source));
				return pool.take(nbytes, copyOutput);
			} catch (error) {
				throw fromCore(error);
			}
		},
		encodeToString: (source, title) =>
			orThrow(() =>
				native.encodeToString(textOf(source), segmentsOf(source), title),
			),
		encodeToDataUrl: (source) =>
			orThrow(() => native.encodeToDataUrl(textOf(source), segmentsOf(source))),
		encodeModules: (source) =>
			orThrow(() => native.encodeModules(textOf(source), segmentsOf(source))),
		async encodeBatch(sources) {
			const segments = sources.map(segmentsOf);
			try {
				const { bytes, ends } = await native.encodeBatch(
					sources.map(textOf),
					segments.some(Boolean) ? segments : undefined,
				);
				return Array.from(ends, (end, i) =>
					bytes.subarray(i === 0 ? 0 : ends[i - 1], end),
				);
			} catch (error) {
				throw fromCore(error);
			}
		},
	};
}

module.exports = { bindAddon };
