// How the texts of a row are put into requests.

/**
 * All texts in batches of that size, the last one filled up from the beginning.
 * @type {(texts: string[], size: number) => string[][]}
 */
export function makeBatches(texts, size) {
	const count = Math.ceil(texts.length / size);
	return Array.from({ length: count }, (_, i) =>
		Array.from(
			{ length: size },
			(_, j) => texts[(i * size + j) % texts.length],
		),
	);
}
