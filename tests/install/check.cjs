// Run where the package was installed: prints what encodes, and a hash of what it makes.
"use strict";

const { createHash } = require("node:crypto");
const qr = require("qr-tiers");

const texts = Array.from(
	{ length: 200 },
	(_, i) => `https://example.com/${"0aA-é%".repeat(i % 40)}${i ** 5}`,
);

async function main() {
	const hash = createHash("sha256");
	for (const [i, text] of texts.entries()) {
		hash.update(qr.toBufferSync(text, { scale: 1 + (i % 9) }));
		hash.update(qr.toStringSync(text, { type: i % 2 ? "svg" : "utf8" }));
	}
	for (const image of await qr.toBuffers(texts)) hash.update(image);
	hash.update(await qr.toBuffer("on the pool", { width: 3000 }));
	const digest = hash.digest("hex").slice(0, 16);
	process.stdout.write(JSON.stringify({ backend: qr.backend, digest }));
}

main();
