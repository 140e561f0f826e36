// The address of an image, and the lines to copy: made by the server for its first answer, and in the browser from then on.

/** tier: { id, engines } if requests may choose, undefined if there is but one. */
export function imagePath({ text, ecl, width, margin, engine }, tier) {
	const query = new URLSearchParams({ text });
	const add = (name, value) => value && query.set(name, value);
	add("ecl", ecl);
	add("width", width);
	add("margin", margin);
	add("tier", tier?.id);
	if (tier?.engines.includes(engine)) add("engine", engine);
	return `/qrcode?${query}`;
}

/** For a shell: URLSearchParams leaves nothing in a path that single quotes don't hold. */
export function curlLine(origin, path) {
	return `curl '${origin}${path}' > code.png`;
}

export function codeLines({ text, ecl, width, margin, engine }) {
	const options = [
		ecl && `errorCorrectionLevel: ${quoted(ecl)}`,
		width && `width: ${numberOf(width)}`,
		margin && `margin: ${numberOf(margin)}`,
		engine && `engine: ${quoted(engine)}`,
	].filter(Boolean);
	return [
		'import { toBufferSync } from "qr-tiers";',
		`const png = toBufferSync(${quoted(text)}, { ${options.join(", ")} });`,
	].join("\n");
}

/** A string literal, in which nothing invisible can hide what the line says. */
function quoted(string) {
	return JSON.stringify(string).replace(
		/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
		(character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
	);
}

/** What can't be a number shows as NaN, and can't be code. */
function numberOf(digits) {
	return `${/^\d{1,9}$/.test(digits) ? Number(digits) : Number.NaN}`;
}
