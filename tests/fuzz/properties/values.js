// What a request asks for, in the words of outcomes.c.

export const MAX_WIDTH_PX = 1024;

/** The bytes of a text in hexadecimal. */
export const hexOf = (text) => Buffer.from(text).toString("hex");

export function describeValues({ text, ecl, width, margin }) {
	return `ecl ${ecl} width ${width} margin ${margin} text ${hexOf(text)}`;
}
