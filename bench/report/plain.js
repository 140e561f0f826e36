// Strings from results.json that are fit to be shown anywhere: one line, nothing that steers a terminal, hides or is no XML.

const unfit = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFE\uFFFF]+/gu;

/**
 * A copy in which every string is plain text; what marks up HTML or Markdown is still there, to be escaped where it is written.
 * @type {(value: any) => any}
 */
export function withPlainText(value) {
	if (typeof value === "string")
		return value.toWellFormed().replace(unfit, " ");
	if (Array.isArray(value)) return value.map(withPlainText);
	if (value === null || typeof value !== "object") return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, inner]) => [key, withPlainText(inner)]),
	);
}
