// Streams, which end with the image, or with its error.
"use strict";

const { finished } = require("node:stream/promises");

/**
 * Resolves once all is written. Errors are the stream's, too: whoever listens to that alone learns of them, as with npm qrcode.
 * @type {(stream: import("node:stream").Writable, image: Promise<Uint8Array>) => Promise<void>}
 */
async function endStream(stream, image) {
	const isWritten = finished(stream, { readable: false });
	image.then(
		(bytes) => stream.end(bytes),
		(error) => stream.destroy(error),
	);
	await isWritten;
}

module.exports = { endStream };
