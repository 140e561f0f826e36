// What is run everywhere: it prints what encodes, and a PNG and an SVG, by which main.js knows whether they are right.

const text = "https://example.com/";
export const options = { errorCorrectionLevel: "Q", scale: 3 };
const written = JSON.stringify(options);

/**
 * For servers, which takes the package by `require` or `import`.
 * @type {(how: "require" | "import") => string}
 */
export const program = (how) => `
	${how === "import" ? 'import * as QRCode from "qr-tiers";' : 'const QRCode = require("qr-tiers");'}
	(async () => {
		const png = QRCode.toBufferSync("${text}", ${written});
		const [url, svg, [image]] = await Promise.all([
			QRCode.toDataURL("${text}", ${written}),
			QRCode.toString("${text}", { type: "svg" }),
			QRCode.toBuffers(["${text}"], ${written}),
		]);
		const isSame = image.equals(png) && url.endsWith("," + png.toString("base64"));
		console.log(JSON.stringify([QRCode.backend, isSame && url, svg]));
	})();`;

/** For a page, whose title it becomes. */
export const browserProgram = `
	import { toDataURL, toString } from "qr-tiers";
	Promise.all([toDataURL("${text}", ${written}), toString("${text}", { type: "svg" })]).then(
		(made) => { document.title = JSON.stringify(["wasm", ...made]); },
		(error) => { document.title = String(error); },
	);`;

/** For workerd, which compiles no code at run time: the module is imported. */
export const workerdProgram = `
	import { init, toDataURL, toString } from "qr-tiers";
	import module from "qr-tiers/qrpng.wasm";
	export default {
		async fetch() {
			await init(module);
			const made = [await toDataURL("${text}", ${written}), await toString("${text}", { type: "svg" })];
			return new Response(JSON.stringify(["wasm", ...made]));
		},
	};`;

/**
 * What it must print.
 * @type {(backend: string, made: { toDataURLSync: Function, toStringSync: Function }) => string}
 */
export const expectedOf = (backend, { toDataURLSync, toStringSync }) =>
	JSON.stringify([
		backend,
		toDataURLSync(text, options),
		toStringSync(text, { type: "svg" }),
	]);
