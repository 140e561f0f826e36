// HTML from template literals in which every value is escaped.
import escapeHtml from "escape-html";

class Html {
	constructor(text) {
		this.text = text;
	}
}

/**
 * Text that is HTML already, such as a chart, which has escaped what it shows.
 * @type {(text: string) => Html}
 */
export const trusted = (text) => new Html(text);

function show(value) {
	if (value instanceof Html) return value.text;
	if (Array.isArray(value)) return value.map(show).join("");
	return escapeHtml(`${value}`);
}

/**
 * html`<p>${text}</p>`: values are escaped, but for other html`…` and lists of them. For text and for quoted attributes.
 * @type {(strings: TemplateStringsArray, ...values: unknown[]) => Html}
 */
export function html(strings, ...values) {
	const parts = values.map((value, i) => show(value) + strings[i + 1]);
	return new Html(strings[0] + parts.join(""));
}
