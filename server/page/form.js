const NAMES = ["text", "ecl", "width", "margin", "engine"];

/**
 * What a form without JavaScript sends, read as leniently as browsers write it: { values } to show again, and the { query } that
 * asks /qrcode for them. A field left empty has its default, only the text has not; unknown fields, which links often have, are ignored.
 * @type {(rawQuery: string, defaults: Server.FormValues) => { values: Server.FormValues, query: string }}
 */
export function readForm(rawQuery, defaults) {
	const sent = new URLSearchParams(rawQuery);
	const values = { ...defaults };
	for (const name of NAMES) {
		const value = sent.get(name);
		if (value || (name === "text" && value !== null)) values[name] = value;
	}
	// A form's text has CRLF for each line break, also where only LF was typed.
	values.text = values.text.replaceAll("\r\n", "\n");
	const given = NAMES.filter((name) => values[name] !== undefined);
	const query = new URLSearchParams(given.map((name) => [name, values[name]]));
	return { values, query: `${query}` };
}
