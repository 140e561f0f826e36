// Runs the glue and the module in a context that has what a browser has, and nothing of Node: node --experimental-vm-modules
// bare-context.js. Prints the image.
import { readFileSync } from "node:fs";
import vm from "node:vm";

const context = vm.createContext({ TextEncoder, TextDecoder, URL, fetch });

async function fetch(url) {
	return new Response(readFileSync(new URL(url)));
}

async function importModule(url) {
	const module = new vm.SourceTextModule(readFileSync(url, "utf8"), {
		context,
		identifier: url.href,
		initializeImportMeta(meta) {
			meta.url = url.href;
		},
	});
	await module.link((specifier) => importModule(new URL(specifier, url)));
	await module.evaluate();
	return module;
}

const glue = await importModule(
	new URL("../../build/Release/qrpng.js", import.meta.url),
);
context.load = glue.namespace.load;
const png = await vm.runInContext(
	`load().then(({ toBufferSync }) => {
		const png = toBufferSync("grüß dich", { width: 300 });
		if (png.constructor !== Uint8Array) throw new Error("no Uint8Array of its own");
		return png;
	})`,
	context,
);
process.stdout.write(png);
