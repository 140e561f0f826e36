// A bar as text.

const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/**
 * `share` of `columns` characters, to an eighth of one; what is more than 0 can be seen.
 * @type {(share: number, columns: number) => string}
 */
export function drawBar(share, columns) {
	if (!(share > 0) || columns < 1) return "";
	const length = Math.max(1, Math.round(Math.min(share, 1) * columns * 8));
	return "█".repeat(length >> 3) + eighths[length % 8];
}
