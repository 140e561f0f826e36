// Upstream source archives of Debian packages, by way of apt: it knows where they are, and checks them against signed lists.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const aptFolder = "/etc/apt";

function listFiles(folder) {
	try {
		return readdirSync(folder).map((name) => path.join(folder, name));
	} catch {
		return []; // there need not be any
	}
}

/** The machine's own sources of packages, as sources of source packages, in a folder of ours. */
function writeSourceLists(folder) {
	const files = [
		...listFiles(aptFolder).filter((name) => name.endsWith("/sources.list")),
		...listFiles(`${aptFolder}/sources.list.d`),
	];
	for (const file of files) {
		const text = readFileSync(file, "utf8")
			.replace(/^Types:.*$/gm, "Types: deb-src")
			.replace(/^deb\s/gm, "deb-src ");
		writeFileSync(path.join(folder, path.basename(file)), text);
	}
}

/**
 * Downloads the upstream archives that those binary packages are made from into a folder, and returns their paths. Changes nothing
 * of the system's, and needs no rights.
 */
export function downloadSources(packages, folder) {
	const state = path.join(folder, "apt");
	const sources = path.join(state, "sources.list.d");
	const lists = path.join(state, "lists");
	for (const name of [sources, path.join(lists, "partial")])
		mkdirSync(name, { recursive: true });
	writeSourceLists(sources);
	const apt = (...args) =>
		spawnSync(
			"apt-get",
			[
				"-o",
				"Dir::Etc::SourceList=/dev/null",
				"-o",
				`Dir::Etc::SourceParts=${sources}`,
				"-o",
				`Dir::State::Lists=${lists}`,
				"-o",
				`Dir::Cache=${state}`,
				"-o",
				"APT::Sandbox::User=", // a user of apt's own may not write here
				"--quiet=2",
				...args,
			],
			{ cwd: folder, encoding: "utf8" },
		);
	// Whether a list is missing that matters shows below: some repositories have no source packages.
	const update = apt("update");
	const download = apt("source", "--download-only", "--tar-only", ...packages);
	if (download.status !== 0)
		throw new Error(
			`apt-get has no sources of ${packages.join(", ")}: ${update.stderr}${download.stderr}`.trim(),
		);
	return readdirSync(folder)
		.filter((name) => /\.orig\.tar\.\w+$/.test(name))
		.map((name) => path.join(folder, name));
}
