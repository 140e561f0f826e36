// Who is compared: each a command that prints one sample as JSON ({ cpuMicrosPerText, pngBytes, calls }).
import path from "node:path";

const coreBench = path.join(
	import.meta.dirname,
	"../../build/Release/core_bench",
);

const native = (id, title) => ({
	id,
	title,
	command: (textsFile, timeMs) => [coreBench, id, textsFile, String(timeMs)],
});

export const contenders = [
	native("bare", "libqrencode + libpng, bare loop"),
	native("reference", "core, reference engine"),
	native("reference/modules", "core, reference engine, modules only"),
];
