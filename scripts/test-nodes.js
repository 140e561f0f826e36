// Runs the tests that load the addon under each Node version, with one build: node scripts/test-nodes.js [MAJOR...]
import { spawnSync } from "node:child_process";
import path from "node:path";
import { build } from "./build.js";
import { nodeBinary, nodeVersions } from "./node-versions.js";
import { findTests, testFlags } from "./test.js";

const root = path.join(import.meta.dirname, "..");
const targets = ["addon", "cli", "server", "shared", "static"];
const tests = [
	"tests/lib",
	"tests/ffi/ffi.test.js",
	"tests/contract/grpc.test.js",
	"tests/contract/images.test.js",
	"tests/contract/refusals.test.js",
];
/** Those hosts of tests/contract/hosts.js that load the addon, or the same core through koffi. */
const hosts = ["addon", "addon-http", "addon-async", "worker", "ffi"];

function parseMajors(args) {
	const majors = args.length > 0 ? args.map(Number) : nodeVersions;
	if (majors.every((major) => nodeVersions.includes(major))) return majors;
	throw new Error(`The Node versions are ${nodeVersions.join(", ")}.`);
}

/** Returns how many tests passed, whether all did, and what the run printed of those that did not. */
function runTests(node, files) {
	const { status, stdout, stderr } = spawnSync(node, [...testFlags, ...files], {
		cwd: root,
		encoding: "utf8",
		env: { ...process.env, TEST_HOSTS: hosts.join(",") },
		maxBuffer: Number.POSITIVE_INFINITY,
	});
	const passCount = Number(/\bpass (\d+)$/m.exec(stdout)?.[1] ?? 0);
	const passed = status === 0 && passCount > 0;
	const failures = stdout.slice(Math.max(0, stdout.indexOf("failing tests:")));
	return { passCount, passed, report: failures + stderr };
}

async function testUnder(major, files) {
	const node = await nodeBinary(major, console.log);
	const version = spawnSync(node, ["--version"]).stdout.toString().trim();
	process.stdout.write(`Node ${version}: `);
	const startMs = performance.now();
	const { passCount, passed, report } = runTests(node, files);
	const seconds = Math.round((performance.now() - startMs) / 1000);
	console.log(
		passed ? `${passCount} tests passed in ${seconds} s` : "tests failed",
	);
	if (!passed) console.log(report);
	return passed;
}

async function main(args) {
	const majors = parseMajors(args);
	const files = tests.map((name) => path.join(root, name)).flatMap(findTests);
	for (const configuration of ["Release", "Debug"])
		build({ configuration, targets, quiet: true });
	const failed = [];
	for (const major of majors)
		if (!(await testUnder(major, files))) failed.push(major);
	if (failed.length > 0)
		throw new Error(`Tests failed under Node ${failed.join(", ")}.`);
}

main(process.argv.slice(2)).catch((error) => {
	console.error(error.message);
	process.exitCode = 1;
});
