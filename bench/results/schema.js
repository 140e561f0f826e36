// What results.json must look like: results.schema.json, checked when the file is written and when it is read.
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";

export const resultsSchema = JSON.parse(
	readFileSync(new URL("results.schema.json", import.meta.url), "utf8"),
);
export const schemaVersion = resultsSchema.properties.schemaVersion.const;
const isValid = new Ajv2020({ allErrors: false }).compile(resultsSchema);

/**
 * Throws a sentence that names the first place where it is not as it should be.
 * @type {(results: any) => void}
 */
export function checkResults(results) {
	if (results?.schemaVersion !== schemaVersion)
		throw new Error(
			`the results have the schema version ${results?.schemaVersion}; this kit reads and writes version ${schemaVersion}`,
		);
	if (isValid(results)) return;
	const [{ instancePath, message }] = isValid.errors ?? [];
	throw new Error(
		`the results are not what bench/results/results.schema.json asks for: ${instancePath || "the whole"} ${message}`,
	);
}
