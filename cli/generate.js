// Makes what the native command has of the table of options, in cli/generated/: node cli/generate.js
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { formatHelp } from "./help.js";
import {
	ambiguousLetters,
	clash,
	examples,
	exitCodes,
	groups,
	intro,
} from "./options.js";

const FIRST_LONG = 256; // above all letters

const root = path.join(import.meta.dirname, "..");
const folder = path.join(import.meta.dirname, "generated");
const { version } = JSON.parse(
	readFileSync(path.join(root, "package.json"), "utf8"),
);
const options = groups.flatMap((group) => group.options);
const namesOf = ({ name, aliases = [] }) => [name, ...aliases];
const quote = (text) => JSON.stringify(text); // of plain ASCII, it is C and bash, too
const quoteForShell = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** The name of its constant in C. */
const constantOf = ({ name }) =>
	`OPTION_${name.replaceAll("-", "_").toUpperCase()}`;

function header() {
	const shortOptions = options
		.filter(({ letter }) => letter)
		.map(({ letter, value }) => letter + (value ? ":" : ""));
	const constants = options.map(
		(option, i) =>
			`  ${constantOf(option)} = ${option.letter ? `'${option.letter}'` : FIRST_LONG + i},`,
	);
	const longOptions = options.flatMap((option) =>
		namesOf(option).map(
			(name) =>
				`    {"${name}", ${option.value ? "required" : "no"}_argument, NULL, ${constantOf(option)}},`,
		),
	);
	const ambiguous = Object.entries(ambiguousLetters).map(
		([letter, [a, b]]) => `    {'${letter}', "${a}", "${b}"},`,
	);
	const help = formatHelp("qrpng", true).trimEnd().split("\n");
	return `/* Made by cli/generate.js of cli/options.js: don't edit. */
/* clang-format off */
#ifndef QRPNG_CLI_GENERATED_OPTIONS_H
#define QRPNG_CLI_GENERATED_OPTIONS_H

#include <getopt.h>

enum {
${constants.join("\n")}
};

static const char short_options[] = ":${shortOptions.join("")}";

static const struct option long_options[] = {
${longOptions.join("\n")}
    {NULL, 0, NULL, 0},
};

/* Letters that qrcode and qrencode use for different things. */
static const struct {
  char letter;
  const char *one, *other;
} ambiguous_letters[] = {
${ambiguous.join("\n")}
};

static const char help[] =
${help.map((line) => `    ${quote(`${line}\n`)}`).join("\n")};

#endif
`;
}

/** Text for troff: a dash is one that can be copied, and a line can't begin with a request. */
const troff = (text) =>
	text
		.replaceAll("\\", "\\e")
		.replaceAll("-", "\\-")
		.replaceAll("'", "\\(aq")
		.replace(/^\./gm, "\\&.");
const bold = (text) => `\\fB${troff(text)}\\fR`;
const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}.`;

function manEntry({ letter, value, help, more, ...option }) {
	const names = [
		...(letter ? [`-${letter}`] : []),
		...namesOf(option).map((name) => `--${name}`),
	].map((name) => bold(name));
	const of = value ? ` \\fI${troff(value)}\\fR` : "";
	const text = [sentence(help), ...(more ? [more] : [])].join(" ");
	return `.TP\n${names.join(", ")}${of}\n${troff(text)}`;
}

function manPage() {
	const clashes = Object.entries(ambiguousLetters).map(
		([letter, [a, b]]) =>
			`.TP\n${bold(`-${letter}`)}\n${troff(`${a}, or ${b}`)}`,
	);
	return `.\\" Made by cli/generate.js of cli/options.js: don't edit.
.TH QRPNG 1 "" "qrpng ${version}" "User Commands"
.SH NAME
qrpng \\- make QR codes
.SH SYNOPSIS
.B qrpng
[\\fIOPTION\\fR]... [\\fITEXT\\fR]
.SH DESCRIPTION
${troff(intro)}
.SH OPTIONS
${groups.map((group) => `.SS ${group.title}\n${group.options.map(manEntry).join("\n")}`).join("\n")}
.SH COMING FROM QRCODE OR QRENCODE
${troff(clash)}
These letters are refused, since the two mean different things by them:
${clashes.join("\n")}
.PP
Where
.B qrcode
joins several words to one text, quote them here.
.SH EXIT STATUS
${exitCodes.map(([code, text]) => `.TP\n${bold(code)}\n${troff(sentence(text))}`).join("\n")}
.PP
For all but 0 a sentence on standard error says what was wrong and what is allowed.
.SH EXAMPLES
.EX
${examples.map(([args, before = ""]) => troff(`${before}qrpng ${args}`)).join("\n")}
.EE
.SH SEE ALSO
.BR qrpng (3)
`;
}

const words = options.map(({ name }) => `--${name}`);
const flagsOf = (option) => [
	...(option.letter ? [`-${option.letter}`] : []),
	...namesOf(option).map((name) => `--${name}`),
];

/** What bash offers after an option. */
function bashCase(option) {
	const offered = option.choices
		? `mapfile -t COMPREPLY < <(compgen -W "${option.choices.join(" ")}" -- "$word")`
		: option.path === "folder"
			? `compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$word")`
			: option.path
				? `compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$word")`
				: ":";
	return `\t${flagsOf(option).join(" | ")}) ${offered} ;;`;
}

function bashCompletion() {
	return `# bash completion for qrpng. Made by cli/generate.js of cli/options.js: don't edit.
# shellcheck shell=bash
_qrpng() {
	local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]}
	COMPREPLY=()
	[[ $before == = ]] && before=\${COMP_WORDS[COMP_CWORD - 2]}
	[[ $word == = ]] && word= before=\${COMP_WORDS[COMP_CWORD - 1]}
	case $before in
${options
	.filter(({ value }) => value)
	.map(bashCase)
	.join("\n")}
	*) [[ $word != -* ]] || mapfile -t COMPREPLY < <(compgen -W "${words.join(" ")}" -- "$word") ;;
	esac
}
complete -F _qrpng qrpng
`;
}

function zshSpec(option) {
	const flags = flagsOf(option).map((flag) =>
		flag.startsWith("--") && option.value
			? `${flag}=`
			: option.value
				? `${flag}+`
				: flag,
	);
	const help = option.help.replaceAll(/[[\]:\\]/g, "\\$&");
	const action = option.choices
		? `(${option.choices.join(" ")})`
		: option.path === "folder"
			? "_files -/"
			: option.path
				? "_files"
				: "";
	const value = option.value ? `:${option.value}:${action}` : "";
	const exclusive = `(${flagsOf(option).join(" ")})`;
	return flags
		.map((flag) => `\t${quoteForShell(`${exclusive}${flag}[${help}]${value}`)}`)
		.join(" \\\n");
}

function zshCompletion() {
	return `#compdef qrpng
# Made by cli/generate.js of cli/options.js: don't edit.
_arguments -s -S \\
${options.map(zshSpec).join(" \\\n")} \\
	'1:TEXT:'
`;
}

function fishLine(option) {
	const parts = [
		"complete -c qrpng",
		...(option.letter ? [`-s ${option.letter}`] : []),
		...namesOf(option).map((name) => `-l ${name}`),
	];
	if (option.choices) parts.push(`-x -a "${option.choices.join(" ")}"`);
	else if (option.path === "folder")
		parts.push('-x -a "(__fish_complete_directories)"');
	else if (option.path) parts.push("-r -F");
	else if (option.value) parts.push("-x");
	return `${parts.join(" ")} -d ${quoteForShell(option.help)}`;
}

function fishCompletion() {
	return `# fish completion for qrpng. Made by cli/generate.js of cli/options.js: don't edit.
complete -c qrpng -f
${options.map(fishLine).join("\n")}
`;
}

/** path → text @type {() => Record<string, string>} */
export const generate = () => ({
	"options.h": header(),
	"qrpng.1": manPage(),
	"completions/qrpng": bashCompletion(),
	"completions/_qrpng": zshCompletion(),
	"completions/qrpng.fish": fishCompletion(),
});

if (process.argv[1] === import.meta.filename) {
	mkdirSync(path.join(folder, "completions"), { recursive: true });
	for (const [name, text] of Object.entries(generate()))
		writeFileSync(path.join(folder, name), text);
}
