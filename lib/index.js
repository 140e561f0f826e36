import addon from "./index.cjs";

export const {
	toBuffer,
	toBufferSync,
	QrpngError,
	engines,
	engineLibraries,
	version,
} = addon;
export default addon;
