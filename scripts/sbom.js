// What the image holds, as a CycloneDX document. The npm part has its own: npm sbom.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** By the Debian package that a library was linked from: its licence, as THIRD_PARTY_NOTICES.md has it. */
const licences = {
	"libc6-dev": "LGPL-2.1-or-later",
	"libjansson-dev": "MIT",
	"libllhttp-dev": "MIT",
	"libseccomp-dev": "LGPL-2.1-only",
	"liburing-dev": "MIT",
	"node-llhttp": "MIT",
};

const sha256 = (file) =>
	createHash("sha256").update(readFileSync(file)).digest("hex");

/** A library as dpkg knows it. */
function componentOf(packageName) {
	const format =
		"$" + "{source:Package}\t$" + "{Version}\t$" + "{Architecture}";
	const [source, version, architecture] = execFileSync(
		"dpkg-query",
		["--show", `--showformat=${format}`, packageName],
		{ encoding: "utf8" },
	).split("\t");
	return {
		type: "library",
		name: source,
		version,
		licenses: [{ license: { id: licences[packageName] } }],
		purl: `pkg:deb/debian/${packageName}@${encodeURIComponent(version)}?arch=${architecture}`,
	};
}

/**
 * The document, for a program that was linked from those Debian packages.
 * @type {(version: string, program: string, packageNames: string[]) => string}
 */
export function describeImage(version, program, packageNames) {
	const document = {
		bomFormat: "CycloneDX",
		specVersion: "1.5",
		version: 1,
		metadata: {
			component: {
				type: "container",
				name: "qrpng-server",
				version,
				licenses: [{ license: { id: "MIT" } }],
			},
		},
		components: [
			{
				type: "application",
				name: "qrpng-server",
				version,
				licenses: [{ license: { id: "MIT" } }],
				hashes: [{ alg: "SHA-256", content: sha256(program) }],
			},
			...packageNames.map(componentOf),
		],
	};
	return `${JSON.stringify(document, null, 2)}\n`;
}
