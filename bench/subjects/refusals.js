// Requests that every host has to refuse, in these words.

/** [query, sentence] */
export const refusals = [
	[
		"",
		"The parameter text is missing: give the text to encode, as in /qrcode?text=hello.",
	],
	["text=", "The text is empty: give at least one byte."],
	[
		"text=%zz",
		"The query has a malformed percent-escape: write % followed by two hexadecimal digits, and %25 for a percent sign.",
	],
	[
		"text=%C3%28",
		"The text is not valid UTF-8: percent-encode its UTF-8 bytes.",
	],
	["text=a&ecl=X", "ecl must be L, M, Q or H."],
	[
		`text=${"a".repeat(2954)}`,
		"The text does not fit: at level L a QR code holds at most 2953 bytes, 4296 alphanumeric characters or 7089 digits.",
	],
];
