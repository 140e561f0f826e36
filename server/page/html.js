import escapeHtml from "escape-html";

/** Markup that needs no escaping any more. */
export class Markup {
	/** @param {string} source */
	constructor(source) {
		this.source = source;
	}

	/** @type {() => string} */
	toString() {
		return this.source;
	}
}

/**
 * A tag for templates of HTML: values are escaped, for text and quoted attributes, unless they are such templates themselves.
 * Arrays are joined; undefined, null and false leave nothing.
 * @type {(strings: TemplateStringsArray, ...values: unknown[]) => Markup}
 */
export function html(strings, ...values) {
	return new Markup(
		strings.reduce(
			(source, string, i) => source + toSource(values[i - 1]) + string,
		),
	);
}

/** @type {(value: unknown) => string} */
function toSource(value) {
	if (value instanceof Markup) return value.source;
	if (Array.isArray(value)) return value.map(toSource).join("");
	if (value === undefined || value === null || value === false) return "";
	return escapeHtml(String(value));
}
