// Puts text between the marks <!-- NAME --> and <!-- /NAME --> of a Markdown file.

/**
 * The page with each block in its place. Throws a sentence if a mark is missing.
 * @type {(page: string, blocks: Record<string, string>) => string}
 */
export function fillPage(page, blocks) {
	let filled = page;
	for (const [name, text] of Object.entries(blocks)) {
		const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
		const [from, to] = [filled.indexOf(start), filled.indexOf(end)];
		if (from < 0 || to < from)
			throw new Error(`The page has no place for ${name}: ${start} … ${end}.`);
		filled = `${filled.slice(0, from + start.length)}\n\n${text}\n\n${filled.slice(to)}`;
	}
	return filled;
}
