// What a binary itself says of its protections, by readelf and objdump: see the help below.
import { execFileSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { thisPlatform } from "./test-needs.js";

const root = path.join(import.meta.dirname, "..");

/** What this repository builds for users, apart from libqrpng.a, which is no ELF file but holds one. */
export const ownBinaries = [
	"build/Release/qrpng",
	"build/Release/qrpng-server",
	"build/Release/libqrpng.so",
	"build/Release/qrpng.node",
	`prebuilds/${thisPlatform}.node`,
];

/** In Debian, for comparison. */
const otherBinaries = [
	"/usr/bin/curl",
	"/usr/sbin/nginx",
	"/usr/lib/x86_64-linux-gnu/libpng16.so.16",
];

const help = `Usage: npm run binary-facts -- [FILE...]

Prints which protections ELF files have, as a table in Markdown: those files
that were built here, and curl, nginx and libpng of the system, unless some are
named.

  --help  shows this help
`;

const crossTools = {
	AArch64: "aarch64-linux-gnu-",
	ARM: "arm-linux-gnueabihf-",
};

/** Each needs the output of a tool, which takes some seconds for large files. */
function readTools(file) {
	const run = (tool, ...args) =>
		execFileSync(tool, [...args, file], {
			encoding: "utf8",
			maxBuffer: 1 << 30,
			stdio: ["ignore", "pipe", "ignore"],
		});
	const headers = run("readelf", "-hldsW");
	const [, machine] = /Machine:\s+(.*)/.exec(headers);
	const objdump = `${crossTools[machine] ?? ""}objdump`;
	return { headers, machine, code: run(objdump, "-d", "--no-show-raw-insn") };
}

/** "full" takes that all is bound at the start, or that there is nothing to bind, as in a static program. */
function relroOf(headers) {
	if (!headers.includes("GNU_RELRO")) return "no";
	const isStatic = !headers.includes("(NEEDED)");
	return isStatic || /BIND_NOW|Flags:.*\bNOW\b/.test(headers)
		? "full"
		: "partial";
}

/** Of x86-64: a frame that is larger than a page is taken page by page, each of which is touched. */
function isStackProbed(code) {
	const sizes = [...code.matchAll(/\bsub\s+\$0x([0-9a-f]+),%rsp/g)]
		.map(([, size]) => Number.parseInt(size, 16))
		.filter((size) => size < 2 ** 31); // what is larger is negative
	if (sizes.some((size) => size > 4096)) return "no";
	return /\bor[bwlq]?\s+\$0x0,(?:0x[0-9a-f]+)?\(%rsp/.test(code) ? "yes" : "–";
}

/** More than the C library's start-up code has by itself. */
const isIn = (code, instruction) =>
	[...code.matchAll(instruction)].length > 4 ? "yes" : "no";

const branchTargets = {
	"Advanced Micro Devices X86-64": /\bendbr64\b/g,
	AArch64: /\b(?:paciasp|bti)\b/g,
};

/**
 * What is known of a file. "–" stands for what can't be told: for another machine, or as nothing in it would show it.
 * @type {(file: string) => { [fact: string]: string }}
 */
export function factsOf(file) {
	const { headers, machine, code } = readTools(file);
	const isX64 = /X86-64/.test(machine);
	const isPositionIndependent = /Type:\s+DYN/.test(headers);
	const fortified = headers.match(/\b__(?!stack)\w+_chk\b/g) ?? [];
	return {
		"position-independent": isPositionIndependent ? "yes" : "no",
		RELRO: relroOf(headers),
		"no executable stack": /GNU_STACK.* RW +0x/.test(headers) ? "yes" : "no",
		"guarded stack": headers.includes("__stack_chk_fail") ? "yes" : "no",
		"fortified functions": fortified.length > 0 ? "yes" : "no",
		"stack clash": isX64 ? isStackProbed(code) : "–",
		"branch targets": branchTargets[machine]
			? isIn(code, branchTargets[machine])
			: "–",
	};
}

function printTable(files) {
	const facts = files.map((file) => factsOf(realpathSync(file)));
	const names = Object.keys(facts[0]);
	const row = (cells) => `| ${cells.join(" | ")} |`;
	console.log(row(["file", ...names]));
	console.log(row(["---", ...names].map(() => "---")));
	for (const [i, file] of files.entries())
		console.log(
			row([`\`${path.basename(file)}\``, ...Object.values(facts[i])]),
		);
}

function main(args) {
	const { values, positionals } = parseArgs({
		args,
		options: { help: { type: "boolean" } },
		allowPositionals: true,
	});
	if (values.help) {
		process.stdout.write(help);
		return;
	}
	const ours = ownBinaries.map((name) => path.join(root, name));
	const files = [...ours, ...otherBinaries].filter((file) => existsSync(file));
	printTable(positionals.length > 0 ? positionals : files);
}

if (process.argv[1] === import.meta.filename) {
	try {
		main(process.argv.slice(2));
	} catch (error) {
		console.error(error.message);
		process.exitCode = 1;
	}
}
