// Texts of four sizes, a few of each: 700 KB is a large photograph, 1 KB an image of a QR code.
const makeTexts = (nbytes) =>
	Array.from({ length: 8 }, (_, i) =>
		`${i} of ${nbytes}, `.repeat(nbytes / 6).slice(0, nbytes),
	);

export default {
	"1k": makeTexts(1000),
	"10k": makeTexts(10_000),
	"100k": makeTexts(100_000),
	"700k": makeTexts(700_000),
};
