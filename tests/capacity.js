// How much a QR code holds, computed from the codeword counts of ISO/IEC 18004 (table 9), not copied from its table 7.

// Error correction codewords in a block and number of blocks, for versions 1 to 40.
const errorCorrection = {
	L: {
		codewordsPerBlock: [
			7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28,
			28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
			30, 30, 30,
		],
		blocks: [
			1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10,
			12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25,
		],
	},
	M: {
		codewordsPerBlock: [
			10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26,
			26, 26, 26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
			28, 28, 28, 28,
		],
		blocks: [
			1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17,
			18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
		],
	},
	Q: {
		codewordsPerBlock: [
			13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28,
			26, 30, 28, 30, 30, 30, 30, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
			30, 30, 30, 30,
		],
		blocks: [
			1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23,
			23, 25, 27, 29, 34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65,
			68,
		],
	},
	H: {
		codewordsPerBlock: [
			17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28,
			26, 28, 30, 24, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
			30, 30, 30, 30,
		],
		blocks: [
			1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25,
			34, 30, 32, 35, 37, 40, 42, 45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77,
			81,
		],
	},
};

export const levels = Object.keys(errorCorrection);

/** Modules on each side. */
export const sideOf = (version) => 17 + 4 * version;

/** Codewords that fit between the function patterns. */
function totalCodewords(version) {
	const side = sideOf(version);
	const alignmentsPerSide = version === 1 ? 0 : Math.floor(version / 7) + 2;
	const onTiming = version < 7 ? 0 : 2 * (alignmentsPerSide - 2);
	const alignments = version === 1 ? 0 : alignmentsPerSide ** 2 - 3;
	const finders = 3 * 64;
	const timing = 2 * (side - 16);
	const formatAndDarkModule = 31;
	const versionInformation = version < 7 ? 0 : 36;
	const functionModules =
		finders +
		timing +
		25 * alignments -
		5 * onTiming +
		formatAndDarkModule +
		versionInformation;
	return Math.floor((side ** 2 - functionModules) / 8);
}

/** Bits of the character count indicator (ISO/IEC 18004, table 3). */
function countBits(mode, version) {
	const column = version < 10 ? 0 : version < 27 ? 1 : 2;
	return {
		numeric: [10, 12, 14],
		alphanumeric: [9, 11, 13],
		byte: [8, 16, 16],
	}[mode][column];
}

function charactersIn(mode, bits) {
	switch (mode) {
		case "numeric":
			return (
				Math.floor(bits / 10) * 3 +
				(bits % 10 >= 7 ? 2 : bits % 10 >= 4 ? 1 : 0)
			);
		case "alphanumeric":
			return Math.floor(bits / 11) * 2 + (bits % 11 >= 6 ? 1 : 0);
		default:
			return Math.floor(bits / 8);
	}
}

/**
 * How many characters (bytes in mode "byte") one segment of that mode can hold.
 * @param {number} version 1 to 40
 * @param {"L" | "M" | "Q" | "H"} level
 * @param {"numeric" | "alphanumeric" | "byte"} mode
 */
export function capacityOf(version, level, mode) {
	const { codewordsPerBlock, blocks } = errorCorrection[level];
	const corrections = codewordsPerBlock[version - 1] * blocks[version - 1];
	const dataBits = 8 * (totalCodewords(version) - corrections);
	return charactersIn(mode, dataBits - 4 - countBits(mode, version));
}
