// The list of what the image holds.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { describeImage } from "../../scripts/sbom.js";

const hasDpkg = !spawnSync("dpkg-query", ["--version"]).error;

test("each library has version, licence and origin", {
	skip: hasDpkg ? false : "no Debian",
}, () => {
	const program = import.meta.filename;
	const document = JSON.parse(
		describeImage("1.2.3", program, ["libc6-dev", "libjansson-dev"]),
	);
	assert.equal(document.bomFormat, "CycloneDX");
	const [own, libc, jansson] = document.components;
	assert.match(own.hashes[0].content, /^[0-9a-f]{64}$/);
	assert.equal(libc.name, "glibc");
	assert.match(libc.version, /^\d/);
	assert.match(
		jansson.purl,
		/^pkg:deb\/debian\/libjansson-dev@[\w.%-]+\?arch=/,
	);
	assert.deepEqual(jansson.licenses, [{ license: { id: "MIT" } }]);
});
