// The texts, by kind: what --text can name. Enough of them that no cache looks good.
const makeTexts = (nbytes) =>
	Array.from({ length: 64 }, (_, i) => `${i} `.repeat(nbytes).slice(0, nbytes));

export default { short: makeTexts(64), long: makeTexts(64 * 1024) };
