// Another commit of this repository, built beside this one, so that both can be measured in the same rounds.
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startChild, stopChild } from "../hosts/child.js";
import { isProgram, tierFile } from "./tiers.js";

const here = fileURLToPath(new URL("../..", import.meta.url));
const keptCharacters = 2000;

/** Runs a command to its end; rejects with the last of what it said if it fails. */
async function runStep(command, args, { cwd, signal }) {
	signal?.throwIfAborted();
	const state = startChild(command, args, { cwd });
	let said = "";
	for (const stream of [state.child.stdout, state.child.stderr])
		stream.on("data", (chunk) => {
			said = (said + chunk).slice(-keptCharacters);
		});
	const stop = () => stopChild(state, 0);
	signal?.addEventListener("abort", stop, { once: true });
	try {
		await state.ended;
		signal?.throwIfAborted();
		if (state.child.exitCode !== 0)
			throw new Error(`${command} ${args[0]} failed: ${said.trim()}`);
		return said.trim();
	} finally {
		signal?.removeEventListener("abort", stop);
		await stop();
	}
}

/** Each kit has a folder of its own in it, named after its process. */
const parentIn = (root) => join(root, "build", "against");

async function resolveCommit(ref, options) {
	const args = ["rev-parse", "--verify", "--end-of-options", `${ref}^{commit}`];
	try {
		return await runStep("git", args, options);
	} catch (error) {
		options.signal?.throwIfAborted();
		throw new Error(`--against ${ref} is not a commit here: ${error.message}`);
	}
}

/** What kits left that were killed outright. */
function removeStale(parent) {
	if (!existsSync(parent)) return;
	for (const name of readdirSync(parent))
		if (!existsSync(`/proc/${name}`))
			rmSync(join(parent, name), { recursive: true });
}

const readLock = (directory) =>
	readFileSync(join(directory, "package-lock.json"), "utf8");

/** With the same lock file both trees can have the same packages. */
async function addPackages(root, { cwd, signal }) {
	if (readLock(cwd) === readLock(root))
		symlinkSync(join(root, "node_modules"), join(cwd, "node_modules"));
	else await runStep("npm", ["install", "--ignore-scripts"], { cwd, signal });
}

/** `builds`: names as in --build. `targets`: of the native build, if not all of both are wanted. */
async function build(builds, targets, { cwd, signal }) {
	const wanted = targets ? ["build.js"] : ["build.js", "build-wasm.js"];
	const scripts = wanted.filter((name) =>
		existsSync(join(cwd, "scripts", name)),
	);
	for (const name of builds)
		for (const script of scripts) {
			const args = [`scripts/${script}`, "--quiet"];
			if (name === "debug") args.push("--configuration", "Debug");
			args.push(...(targets ?? []));
			await runStep(process.execPath, args, { cwd, signal });
		}
}

/**
 * Builds the commit that `ref` names in a folder below build/. Fulfils with { ref, commit, root, remove() }; whatever happens, the folder is
 * gone when the process ends. Rejects with a sentence if there is no such commit or it can't be built.
 * @type {(ref: string, options: { builds: string[], targets?: string[], signal?: AbortSignal, onStep: (text: string) => void, root?: string }) => Promise<Kit.Tree>}
 */
export async function buildCommit(
	ref,
	{ builds, targets, signal, onStep, root = here },
) {
	removeStale(parentIn(root));
	const commit = await resolveCommit(ref, { cwd: root, signal });
	const tree = join(parentIn(root), `${process.pid}`);
	const remove = () => rmSync(tree, { recursive: true, force: true });
	process.once("exit", remove);
	try {
		mkdirSync(tree, { recursive: true });
		onStep(`building ${ref} (${commit.slice(0, 10)})`);
		const archive = join(tree, "archive.tar");
		const options = { cwd: tree, signal };
		const archiveArgs = ["archive", `--output=${archive}`, commit];
		await runStep("git", archiveArgs, { cwd: root, signal });
		await runStep("tar", ["--extract", `--file=${archive}`], options);
		await addPackages(root, options);
		await build(builds, targets, options);
	} catch (error) {
		remove();
		throw error;
	}
	return { ref, commit, root: `${tree}/`, remove };
}

/**
 * How a host of the other tree is started: there, from what was built there.
 * @type {(launch: Kit.Launch, tree: { root: string }) => Kit.Launch}
 */
export function inTree({ command, args, env }, tree) {
	const isBuiltHere = command.startsWith(join(here, "build"));
	return {
		command: isBuiltHere ? command.replace(here, tree.root) : command,
		args,
		env,
		cwd: tree.root,
	};
}

/**
 * Why a tier can't be started in that tree, if so.
 * @type {(row: { id: string }, tree: { ref: string, root: string }) => string | null}
 */
export function whyNotIn({ id }, { ref, root }) {
	const isThere = isProgram(id) || existsSync(tierFile(id, root));
	return isThere ? null : `is not there at ${ref}`;
}
