import addon from "./index.cjs";

export const {
	create,
	toBuffer,
	toBufferSync,
	toBuffers,
	toCanvas,
	toDataURL,
	toDataURLSync,
	toFile,
	toFileStream,
	toStringSync,
	QrpngError,
	backend,
	engines,
	engineLibraries,
	version,
} = addon;
const draw = addon.toString;

export { draw as toString };
export default addon;
