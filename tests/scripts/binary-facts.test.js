// The protections of what is built for users, seen in the binaries: whoever drops a flag hears of it here.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { factsOf, ownBinaries } from "../../scripts/binary-facts.js";

const root = path.join(import.meta.dirname, "../..");
const isX64 = process.arch === "x64";
const branchTargets = isX64 || process.arch === "arm64" ? "yes" : "–";

const whole = {
	"position-independent": "yes",
	RELRO: "full",
	"no executable stack": "yes",
	"guarded stack": "yes",
	"fortified functions": "yes",
	"stack clash": isX64 ? "yes" : "–",
	"branch targets": branchTargets,
};

/** Of what the addon for other systems can't have, scripts/prebuild.js says why. */
const expected = (file) =>
	file.startsWith("prebuilds/")
		? {
				...whole,
				"guarded stack": isX64 ? "yes" : "no",
				"fortified functions": "no",
			}
		: whole;

for (const file of ownBinaries)
	test(`${file} has every protection`, () => {
		assert.deepEqual(factsOf(path.join(root, file)), expected(file));
	});

const printed = (command, ...args) =>
	execFileSync(command, args, { cwd: root, encoding: "utf8" });

test("libqrpng.a has those of a library that is not linked yet", () => {
	const needed = printed("nm", "-u", "build/Release/libqrpng.a");
	assert.match(needed, /__stack_chk_fail\n/);
	assert.match(needed, /__memcpy_chk\n/);
	if (isX64)
		assert.match(
			printed("readelf", "-nW", "build/Release/libqrpng.a"),
			/x86 feature: IBT, SHSTK\n/,
		);
});

test("functions are fortified at level 3 where the system has it", (t) => {
	const args = ["-O", "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=3", "-dM"];
	const defined = printed(
		"cc",
		...args,
		"-E",
		"-include",
		"features.h",
		"-xc",
		"/dev/null",
	);
	if (!/__USE_FORTIFY_LEVEL 3\n/.test(defined)) t.skip("it hasn't");
	// Level 2 knows no sizes but constant ones, and this isn't called with any.
	else
		assert.match(
			printed("nm", "-D", "build/Release/libqrpng.so"),
			/__memset_chk/,
		);
});

test("a program without any protection is seen as that", (t) => {
	const folder = mkdtempSync(path.join(os.tmpdir(), "qr-tiers-facts-"));
	t.after(() => rmSync(folder, { recursive: true }));
	const program = path.join(folder, "bare");
	const source = `#include <stdio.h>
		int main(void) {
			char line[20000];
			return fgets(line, sizeof line, stdin) != 0 && line[0] == '1';
		}`;
	const flags =
		"-O2 -U_FORTIFY_SOURCE -fno-stack-protector -fno-stack-clash-protection -no-pie -Wl,-z,norelro -Wl,-z,execstack";
	execFileSync("cc", [...flags.split(" "), "-xc", "-", "-o", program], {
		input: source,
	});
	const no = Object.entries(whole).map(([fact, value]) => [
		fact,
		value === "–" ? "–" : "no",
	]);
	assert.deepEqual(factsOf(program), Object.fromEntries(no));
});
