/*
 * The options of the command: the one table that its parsing, --help, the man page and the shells' completions are made of.
 * After a change here: node cli/generate.js
 */

/**
 * @typedef {object} Option
 * @property {string} name
 * @property {string} [letter]
 * @property {string[]} [aliases] names that `qrcode` (npm) or `qrencode` have for it
 * @property {string} [value] what its value is called; without one it is a switch
 * @property {string[]} [choices] the values that it takes, for completions
 * @property {"file" | "folder"} [path] what a value names, for completions
 * @property {string} help what --help and the man page say
 * @property {string} [more] what only the man page says
 * @property {true} [isNative] the command written in JavaScript doesn't have it
 */

/** @type {{ title: string, options: Option[] }[]} */
export const groups = [
	{
		title: "The code",
		options: [
			{
				name: "ecl",
				letter: "e",
				aliases: ["level", "error"],
				value: "LEVEL",
				choices: ["L", "M", "Q", "H"],
				help: "error correction level: L (default), M, Q or H; --level is the same",
				more: "About 7, 15, 25 and 30 % of the codewords can be restored.",
			},
			{
				name: "symversion",
				letter: "v",
				aliases: ["qversion"],
				value: "N",
				help: "symbol version, 1 to 40 (default: the smallest that holds the text)",
				more: "A text that doesn't fit is refused; the version never grows.",
			},
			{
				name: "mask",
				value: "N",
				help: "mask, 0 to 7 (default: the best by --mask-rule)",
			},
			{
				name: "mask-rule",
				value: "RULE",
				choices: ["libqrencode", "iso"],
				help: "how the best mask is found: libqrencode (default) or iso",
				more: "The first counts penalties as libqrencode does, the second to the letter of ISO/IEC 18004. Both make codes that any reader takes.",
			},
			{
				name: "8bit",
				letter: "8",
				help: "keep the whole text in byte mode, without digits or capitals packed",
			},
		],
	},
	{
		title: "The output",
		options: [
			{
				name: "output",
				letter: "o",
				value: "FILE",
				path: "file",
				help: "write FILE whole or not at all; - is standard output",
				more: "A file that exists must be the caller's own and keeps its permissions. Where its folder takes no new file, it is written in place. A symbolic link is followed if it is the caller's or root's.",
			},
			{
				name: "type",
				letter: "t",
				value: "TYPE",
				choices: ["png", "svg", "utf8", "ascii", "terminal"],
				help: "one of png, svg, utf8, ascii and terminal (default: by the end of FILE, .png, .svg or .txt; else png, but terminal on a terminal)",
				more: "utf8 draws with half blocks and no colours, ascii with # and spaces, terminal with colours that it sets itself. qrencode's names ansi and ansiutf8 stand for terminal, without and with --small. Capitals don't matter.",
			},
			{
				name: "width",
				letter: "w",
				value: "PX",
				help: "side of the image, 1 to 4096 (default: 200 for PNG, scalable for SVG); pixels that the modules leave over are quiet zone",
			},
			{
				name: "scale",
				letter: "s",
				aliases: ["size"],
				value: "PX",
				help: "side of a module, instead of --width",
			},
			{
				name: "margin",
				letter: "q",
				aliases: ["qzone"],
				value: "N",
				help: "quiet zone in modules, 0 to 32 (default 4)",
			},
			{
				name: "dark",
				aliases: ["foreground", "darkcolor"],
				value: "COLOUR",
				help: "colour of PNG and SVG as 3, 4, 6 or 8 hex digits: RGB or RRGGBB, with or without alpha and # (default 000)",
			},
			{
				name: "light",
				aliases: ["background", "lightcolor"],
				value: "COLOUR",
				help: "the same for what is not dark (default fff); fff0 is transparent",
			},
			{
				name: "inverse",
				help: "exchange dark and light",
			},
			{
				name: "small",
				help: "terminal: a quarter of the size (default on a terminal)",
			},
			{
				name: "dpi",
				value: "N",
				help: "PNG: dots per inch, for printing",
			},
			{
				name: "smallest",
				help: "PNG: search for fewer bytes, in more time",
				more: "Worth it from some 300 px up, where it saves 10 to 35 %; the pixels stay the same. Engine fast alone does it.",
			},
			{
				name: "title",
				value: "TITLE",
				help: "SVG: its title, for those who can't see it",
			},
		],
	},
	{
		title: "Where the text comes from",
		options: [
			{
				name: "read-from",
				letter: "r",
				value: "FILE",
				path: "file",
				help: "the text is what FILE holds, byte for byte; - is standard input",
			},
		],
	},
	{
		title: "Many codes at once",
		options: [
			{
				name: "batch",
				value: "FILE",
				path: "file",
				help: "a code of each line of FILE, whose files go to --out-dir; - is standard input",
				more: "A text that can't be encoded is complained of with its number, and the others go on. Each file is written whole or not at all, and one that already holds what it should is left alone: a batch that was cut short can be run again for the rest.",
			},
			{
				name: "out-dir",
				value: "FOLDER",
				path: "folder",
				help: "made if it isn't there",
			},
			{
				name: "name",
				value: "PATTERN",
				help: "names of the files: {line} is the number, {text} the text itself (default: {line}.png, .svg or .txt)",
				more: "The number gets zeros before it, up to six digits. In the text all ASCII characters but letters, digits and -._~ become % and two hex digits, and so does a dot at the beginning. The end of PATTERN decides on the type as that of --output does.",
			},
			{
				name: "null",
				help: "texts end with a NUL byte instead of a newline",
			},
			{
				name: "threads",
				value: "N",
				help: "1 to 256 (default: as many as CPUs may be used)",
			},
		],
	},
	{
		title: "Other",
		options: [
			{
				name: "engine",
				value: "NAME",
				help: "an engine that --version lists (default: the first)",
			},
			{
				name: "pipe",
				isNative: true,
				help: "answer many requests, as framed messages on standard input and output: see cli/pipe.h. Only --engine matters then",
			},
			{ name: "help", letter: "h", help: "show this help and exit" },
			{ name: "version", letter: "V", help: "show versions and exit" },
		],
	},
];

/** Letters that `qrcode` and `qrencode` use for different things, and the names that say which is meant. */
export const ambiguousLetters = {
	d: ["--dpi", "--dark"],
	i: ["--inverse", "qrencode's --ignorecase, which is not supported"],
	l: ["--level", "--light"],
	m: ["--margin", "--mask"],
};

/** About what those two call their options. */
export const clash =
	"The long names that qrcode (npm) and qrencode have for what both can do are understood, and so are their letters where both mean the same.";

export const intro =
	"Make a QR code of TEXT. Without TEXT, standard input is the text, byte for byte. The code is drawn if standard output is a terminal; else it is a PNG there, or in FILE what its name ends with. What follows -- is TEXT, even if it starts with a dash.";

export const exitCodes = [
	["0", "the code was written"],
	["1", "reading, writing or memory failed"],
	["2", "an option is wrong, or a PNG would go to a terminal"],
	[
		"3",
		"the text is empty, too long for a QR code, or too large for the width, the scale or the terminal; in a batch, any such text",
	],
];

/** [what follows the command's name, what comes before it in the shell] */
export const examples = [
	["https://example.com/"],
	["-o code.svg --dark '#1a237e' https://example.com/"],
	["--ecl Q --scale 8 -o code.png", "printf 'two\\nlines' | "],
	["--batch urls.txt --out-dir codes --name '{line}.svg'"],
];
