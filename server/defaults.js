const DEFAULT_WIDTH_PX = 200;
const DEFAULT_MARGIN_MODULES = 4;

/**
 * What a request gets that names nothing but the text.
 * @type {(maxWidth: number) => Server.ImageOptions}
 */
export function defaultOptions(maxWidth) {
	return {
		ecl: "L",
		width: Math.min(DEFAULT_WIDTH_PX, maxWidth),
		margin: DEFAULT_MARGIN_MODULES,
	};
}
