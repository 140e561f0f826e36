// Reads the drawings in text back, as rows of modules: 1 for dark ones.
import assert from "node:assert/strict";

/** What each character of half blocks has above and below. */
const halves = { " ": [0, 0], "▀": [1, 0], "▄": [0, 1], "█": [1, 1] };

const ESCAPE = "\u001b";
const blackOnWhite = `${ESCAPE}[30;47m`;
const reset = `${ESCAPE}[0m`;

/** Of a file, or of what a terminal was sent. */
function linesOf(text) {
	assert.ok(text.endsWith("\n"));
	return text.trimEnd().split(/\r?\n/);
}

/** Half blocks: dark ones have the colour of the text. */
export function readHalfBlocks(text) {
	assert.ok(text.endsWith("\n"));
	return text
		.slice(0, -1)
		.split("\n")
		.flatMap((line) => {
			const pairs = [...line].map((character) => halves[character]);
			assert.ok(pairs.every(Boolean), JSON.stringify(line));
			return [0, 1].map((half) => pairs.map((pair) => pair[half]));
		});
}

/** The same in black on white. */
export function readColouredHalfBlocks(text) {
	const plain = linesOf(text).map((line) => {
		assert.ok(line.startsWith(blackOnWhite) && line.endsWith(reset), line);
		return `${line.slice(blackOnWhite.length, -reset.length)}\n`;
	});
	return readHalfBlocks(plain.join(""));
}

/** Two characters a module. */
export function readAscii(text) {
	assert.ok(text.endsWith("\n"));
	return text
		.slice(0, -1)
		.split("\n")
		.map((line) =>
			line.match(/../g).map((pair) => {
				assert.ok(pair === "##" || pair === "  ", pair);
				return Number(pair === "##");
			}),
		);
}

/** Two spaces a module, on black or white. */
export function readColouredSpaces(text) {
	return linesOf(text).map((line) => {
		assert.ok(line.endsWith(reset), line);
		const [before, ...parts] = line.slice(0, -reset.length).split(ESCAPE);
		assert.equal(before, "");
		return parts.flatMap((part) => {
			const [, background, spaces] = /^\[4([07])m((?: {2})+)$/.exec(part);
			return Array(spaces.length / 2).fill(Number(background === "0"));
		});
	});
}
