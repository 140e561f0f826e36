// Makes codes, by whichever of the core's bindings there is.
import loader from "../../lib/load.cjs";
import options from "../../lib/options.cjs";
import { Complaint, describe, exitCodeOf } from "./complaint.js";

const { FORMATS, PLACES, sideOfVersion } = options;
const BYTE_MODE = 2;

/** @typedef {import("./arguments.js").Settings} Settings */

/** @type {(error: any) => Error} */
function asComplaint(error) {
	const { code, message } = error;
	if (!String(code).startsWith("ERR_QRPNG_")) return error;
	return new Complaint(exitCodeOf(code), describe(message));
}

export class Codes {
	#binding = loader.load().binding;
	#settings;
	/**
	 * All that the core reads: an option that has no setting here is a type error.
	 * @type {Record<keyof typeof PLACES, number>}
	 */
	#numbers;

	/** @param {Settings} settings */
	constructor(settings) {
		this.#settings = settings;
		const { engine } = settings;
		const engines = this.#binding.engines.map(([name]) => name);
		this.#numbers = {
			...settings,
			engine: engine === undefined ? 0 : engines.indexOf(engine),
		};
	}

	/**
	 * Throws a Complaint about what is wrong whatever the text is.
	 * @type {() => void}
	 */
	check() {
		try {
			this.#write();
			// Titles are judged for PNGs, too, which can't have one.
			this.#binding.encodeToString("a", this.#settings.title);
		} catch (error) {
			if (String(error.code).startsWith("ERR_QRPNG_BAD_"))
				throw asComplaint(error);
		}
	}

	/**
	 * The file that a text becomes. Throws a Complaint.
	 * @type {(text: Uint8Array) => Uint8Array}
	 */
	make(text) {
		return this.#run(text, (binding, source) =>
			this.#settings.format === FORMATS.png
				? binding.encode(source)
				: Buffer.from(binding.encodeToString(source, this.#settings.title)),
		);
	}

	/**
	 * Modules on each side of the code of a text. Throws a Complaint.
	 * @type {(text: Uint8Array) => number}
	 */
	sideOf(text) {
		return this.#run(text, (binding, source) =>
			sideOfVersion(binding.encodeModules(source).version),
		);
	}

	/** @type {() => void} */
	#write() {
		const { options: places } = this.#binding;
		for (const name in PLACES) places[PLACES[name]] = this.#numbers[name];
	}

	/**
	 * @template Result
	 * @param {Uint8Array} text
	 * @param {(binding: import("../../lib/bindings/binding.js").Binding, source: import("../../lib/text.cjs").Source) => Result} use
	 * @returns {Result}
	 */
	#run(text, use) {
		const source = this.#settings.isByteOnly
			? {
					bytes: text,
					segments: Int32Array.of(BYTE_MODE, text.length),
					kanji: [],
				}
			: text;
		try {
			this.#write();
			return use(this.#binding, source);
		} catch (error) {
			throw asComplaint(error);
		}
	}
}

/**
 * The package's version and its engines.
 * @type {() => string}
 */
export function describeVersions() {
	const { version, engines } = loader.load().binding;
	const lines = engines.map(
		([name, libraries]) => `engine ${name}: ${libraries}\n`,
	);
	return `${version}\n${lines.join("")}`;
}
