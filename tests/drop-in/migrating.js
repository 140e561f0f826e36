// The table of docs/migrating-from-qrcode.md: what cases name as the reason why one package doesn't do what they say.
import { readFileSync } from "node:fs";
import path from "node:path";

const file = path.join(
	import.meta.dirname,
	"../../docs/migrating-from-qrcode.md",
);

/** The rows of the table of differences: { what, qrcode, here, why }. */
export function readDifferences() {
	const [table] = readFileSync(file, "utf8")
		.split("## What differs")[1]
		.match(/(?:^\|.*\|\n)+/m);
	const [, , ...rows] = table.trim().split("\n");
	return rows.map((row) => {
		const [what, qrcode, here, why] = row
			.slice(1, -1)
			.split(" | ")
			.map((cell) => cell.trim());
		return { what, qrcode, here, why };
	});
}
