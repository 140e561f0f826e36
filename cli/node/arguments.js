// The command line, read as cli/arguments.c reads it, from the same table.
import os from "node:os";
import { isatty } from "node:tty";
import { parseArgs } from "node:util";
import options from "../../lib/options.cjs";
import { ambiguousLetters, groups } from "../options.js";
import { checkPattern } from "./batch-name.js";
import { COMMAND, Complaint, exitCodes } from "./complaint.js";
import {
	guessType,
	parseColour,
	parseDecimal,
	parseLevel,
	parseMaskRule,
	parseNumber,
	parseType,
} from "./values.js";

const { FORMATS } = options;

const MAX_THREADS = 256;
const LONGEST_NAME = 300;

/** @typedef {import("../options.js").Option} Option */

/**
 * What is asked for. Numbers are those of the core, some of which it is still to judge.
 * @typedef {object} Settings
 * @property {number} level
 * @property {number} width
 * @property {number} scale
 * @property {number} margin
 * @property {string} [engine]
 * @property {number} version
 * @property {number} mask
 * @property {number} maskRule
 * @property {number} format
 * @property {number} dark
 * @property {number} light
 * @property {number} isInverted
 * @property {number} dpi
 * @property {number} effort
 * @property {string} [title]
 * @property {boolean} isByteOnly
 * @property {string} [text] without one it comes from readPath or standard input
 * @property {string} [readPath]
 * @property {string} [outputPath] without one it goes to standard output
 * @property {string} [batchPath] "-" is standard input
 * @property {string} [folderPath]
 * @property {string} [namePattern]
 * @property {boolean} isNulSeparated
 * @property {number} threads
 */

/** What is said of the output before it is known where it goes. */
/** @typedef {{ type?: string, width: number, isSmall: boolean, isInverted: boolean }} Wishes */

const known = groups
	.flatMap((group) => group.options)
	.filter((option) => !option.isNative);

/** @type {(sentence: string) => Complaint} */
const usage = (sentence) => new Complaint(exitCodes.usage, sentence);

/**
 * Each name, and the beginnings of names that can't mean another option, as getopt_long() has them.
 * @type {() => Map<string, Option>}
 */
function namesAndBeginnings() {
	const byName = new Map(
		known.flatMap((option) =>
			[option.name, ...(option.aliases ?? [])].map((name) => [name, option]),
		),
	);
	const found = new Map(byName);
	for (const name of byName.keys())
		for (let length = 1; length < name.length; length++) {
			const beginning = name.slice(0, length);
			if (byName.has(beginning)) continue;
			const meant = new Set(
				[...byName].flatMap(([other, option]) =>
					other.startsWith(beginning) ? [option] : [],
				),
			);
			if (meant.size === 1) found.set(beginning, [...meant][0]);
		}
	return found;
}

/** @type {(name: string, allowed: string) => Complaint} */
const refuseValue = (name, allowed) => usage(`--${name} must be ${allowed}.`);

/** @type {<Value>(name: string, value: Value | undefined, allowed: string) => Value} */
function demand(name, value, allowed) {
	if (value === undefined) throw refuseValue(name, allowed);
	return value;
}

const COLOURS = "3, 4, 6 or 8 hex digits, such as 1a237e or #fff0";
const REFUSED_MASK = 8;

/** What each option does. @type {Record<string, (settings: Settings, value: string, wishes: Wishes) => void>} */
const takers = {
	ecl: (settings, value) => {
		settings.level = parseLevel(value);
	},
	symversion: (settings, value) => {
		settings.version = parseNumber(value, 1);
	},
	mask: (settings, value) => {
		const mask = parseNumber(value, 0);
		settings.mask = mask < 0 ? REFUSED_MASK : mask; // -1 would be the best one
	},
	"mask-rule": (settings, value) => {
		const rule = parseMaskRule(value);
		settings.maskRule = demand("mask-rule", rule, "libqrencode or iso");
	},
	"8bit": (settings) => {
		settings.isByteOnly = true;
	},
	output: (settings, value) => {
		settings.outputPath = value === "-" ? undefined : value;
	},
	type: (_settings, value, wishes) => {
		wishes.type = value;
	},
	width: (_settings, value, wishes) => {
		wishes.width = parseNumber(value, 1);
	},
	scale: (settings, value) => {
		settings.scale = parseNumber(value, 1);
	},
	margin: (settings, value) => {
		settings.margin = parseDecimal(value);
	},
	dark: (settings, value) => {
		settings.dark = demand("dark", parseColour(value), COLOURS);
	},
	light: (settings, value) => {
		settings.light = demand("light", parseColour(value), COLOURS);
	},
	inverse: (_settings, _value, wishes) => {
		wishes.isInverted = true;
	},
	small: (_settings, _value, wishes) => {
		wishes.isSmall = true;
	},
	dpi: (settings, value) => {
		settings.dpi = parseNumber(value, 1);
	},
	smallest: (settings) => {
		settings.effort = 1;
	},
	title: (settings, value) => {
		settings.title = value;
	},
	"read-from": (settings, value) => {
		settings.readPath = value;
	},
	batch: (settings, value) => {
		settings.batchPath = value;
	},
	"out-dir": (settings, value) => {
		settings.folderPath = value;
	},
	name: (settings, value) => {
		settings.namePattern = value;
	},
	null: (settings) => {
		settings.isNulSeparated = true;
	},
	threads: (settings, value) => {
		settings.threads = parseNumber(value, 1);
		if (settings.threads < 1 || settings.threads > MAX_THREADS)
			throw refuseValue("threads", "a whole number from 1 to 256");
	},
	engine: (settings, value) => {
		settings.engine = value;
	},
};

const DASH_ADVICE = "A text that begins with a dash goes after --.";

/** @type {(rawName: string) => Complaint} */
function refuseUnknown(rawName) {
	const [name] = rawName.split("=");
	const letter = name.slice(1);
	const meanings = ambiguousLetters[letter];
	if (!name.startsWith("--") && meanings !== undefined)
		return usage(
			`The option ${name} could mean ${meanings.join(" or ")}: give the long name. ${DASH_ADVICE}`,
		);
	return usage(
		`The option ${name} is unknown: see ${COMMAND} --help. ${DASH_ADVICE}`,
	);
}

/** @type {(option: Option, rawName: string, value?: string) => void} */
function checkValue(option, rawName, value) {
	const see = `see ${COMMAND} --help.`;
	if (option.value && value === undefined)
		throw usage(`The option ${rawName} needs a value: ${see}`);
	if (!option.value && value !== undefined)
		throw usage(`The option ${rawName} takes no value: ${see}`);
}

/** @type {(settings: Settings, texts: string[]) => void} */
function takeText(settings, texts) {
	if (texts.length > 1)
		throw usage("Give one TEXT: quote it if it has spaces.");
	if (texts.length > 0 && settings.readPath !== undefined)
		throw usage("Give TEXT or --read-from, not both.");
	// What is no UTF-8 has been lost on the way here.
	if (texts[0]?.includes("\ufffd"))
		throw usage(
			"TEXT has bytes that are no UTF-8, or U+FFFD for them: give it by standard input or --read-from.",
		);
	settings.text = texts[0];
}

/** @type {(...values: unknown[]) => boolean} */
const isAnyGiven = (...values) => values.some((value) => value !== undefined);

/** @type {(settings: Settings) => void} */
function settleBatch(settings) {
	const { folderPath, namePattern, isNulSeparated, threads } = settings;
	if (settings.batchPath === undefined) {
		if (isAnyGiven(folderPath, namePattern) || isNulSeparated || threads)
			throw usage("--out-dir, --name, --null and --threads are for --batch.");
		return;
	}
	const { text, readPath, outputPath } = settings;
	if (isAnyGiven(text, readPath, outputPath))
		throw usage("--batch goes without TEXT, --read-from and --output.");
	if (folderPath === undefined)
		throw usage("--batch needs --out-dir, the folder for its files.");
	if (threads === 0)
		settings.threads = Math.min(os.availableParallelism(), MAX_THREADS);
	const sentence = namePattern !== undefined && checkPattern(namePattern);
	if (sentence) throw usage(sentence);
}

/** @type {(name: string) => number} */
function guessFormat(name) {
	const format = guessType(name);
	if (format !== undefined) return format;
	throw usage(
		`No such image can be made as ${name.slice(0, LONGEST_NAME)}: give a name that ends with .png, .svg or .txt, or --type.`,
	);
}

/** @type {(settings: Settings, wishes: Wishes) => number} */
function findFormat(settings, { type, isSmall }) {
	const isBatch = settings.batchPath !== undefined;
	const name = isBatch ? settings.namePattern : settings.outputPath;
	if (type !== undefined)
		return demand("type", parseType(type), "png, svg, utf8, ascii or terminal");
	if (name !== undefined) return guessFormat(name);
	return !isBatch && (isSmall || isatty(1))
		? FORMATS.terminalSmall
		: FORMATS.png;
}

/** @type {(settings: Settings, wishes: Wishes) => void} */
function settleFormat(settings, wishes) {
	settings.format = findFormat(settings, wishes);
	if (!wishes.isSmall) return;
	const { format } = settings;
	if (format !== FORMATS.terminal && format !== FORMATS.terminalSmall)
		throw usage("--small is for --type terminal.");
	settings.format = FORMATS.terminalSmall;
}

/**
 * What the format makes of the rest.
 * @type {(settings: Settings, wishes: Wishes) => void}
 */
function settleLook(settings, wishes) {
	const { format, dark, light } = settings;
	if (wishes.width || settings.scale || format === FORMATS.svg)
		settings.width = wishes.width;
	if (wishes.isInverted)
		Object.assign(settings, { dark: light, light: dark, isInverted: 1 });
	const extension =
		format === FORMATS.png ? "png" : format === FORMATS.svg ? "svg" : "txt";
	settings.namePattern ??= `{line}.${extension}`;
}

/** @type {() => Settings} */
const defaults = () => ({
	level: 0,
	width: 200,
	scale: 0,
	margin: 4,
	version: 0,
	mask: -1,
	maskRule: 0,
	format: FORMATS.png,
	dark: 0x000000ff,
	light: 0xffffffff,
	isInverted: 0,
	dpi: 0,
	effort: 0,
	isByteOnly: false,
	isNulSeparated: false,
	threads: 0,
});

/** @type {(args: string[], byName: Map<string, Option>) => any[]} */
function tokenize(args, byName) {
	/** @type {import("node:util").ParseArgsConfig["options"]} */
	const config = {};
	for (const [name, option] of byName)
		config[name] = { type: option.value ? "string" : "boolean" };
	for (const { name, letter } of known)
		if (letter !== undefined) config[name].short = letter;
	return parseArgs({
		args,
		options: config,
		strict: false,
		allowPositionals: true,
		tokens: true,
	}).tokens;
}

/** @type {(byName: Map<string, Option>, token: { name: string, rawName: string }) => Option | undefined} */
function findOption(byName, { name, rawName }) {
	if (rawName.startsWith("--")) return byName.get(name);
	return known.find(({ letter }) => letter === rawName.slice(1));
}

/**
 * Settings, or what is to be told instead. Throws a Complaint.
 * @type {(args: string[]) => Settings | "help" | "version"}
 */
export function parseArguments(args) {
	const settings = defaults();
	/** @type {Wishes} */
	const wishes = { width: 0, isSmall: false, isInverted: false };
	const texts = [];
	const byName = namesAndBeginnings();
	for (const token of tokenize(args, byName)) {
		if (token.kind === "positional") texts.push(token.value);
		// node:util takes the end of -8- for the end of the options.
		if (token.kind === "option-terminator" && args[token.index] !== "--")
			throw refuseUnknown("--");
		if (token.kind !== "option") continue;
		const option = findOption(byName, token);
		if (option === undefined) throw refuseUnknown(token.rawName);
		checkValue(option, token.rawName, token.value);
		if (option.name === "help" || option.name === "version") return option.name;
		takers[option.name](settings, token.value, wishes);
	}
	takeText(settings, texts);
	settleBatch(settings);
	settleFormat(settings, wishes);
	settleLook(settings, wishes);
	return settings;
}
