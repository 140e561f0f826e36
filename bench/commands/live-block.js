// Lines at the end of a terminal that are drawn anew in their place. log-update does that; it knows nothing of lines that a terminal
// has broken since.
import { stripVTControlCharacters } from "node:util";
import cliTruncate from "cli-truncate";
import { createLogUpdate } from "log-update";
import { wrap } from "../report/text-table.js";

// Not ED, which some terminals take for a reason to keep what they clear in their history.
const eraseLine = "\x1b[2K";
const lineUp = "\x1b[1A";

/**
 * `stream`: a terminal that has a size; `drawLines`: { columns, rows } → the lines; what is longer or more than fits is cut off. close() is a must: it gives the cursor back.
 * @type {(stream: NodeJS.WriteStream, drawLines: (size: { columns: number, rows: number }) => string[]) => { draw(): void, write(text: string): void, close(): void }}
 */
export function createLiveBlock(stream, drawLines) {
	const update = createLogUpdate(stream);
	let drawn = [];

	const draw = () => {
		const { columns, rows } = stream;
		drawn = drawLines({ columns, rows })
			.slice(0, rows - 1)
			.map((line) => cliTruncate(line, columns - 1));
		if (drawn.length) update(drawn.join("\n"));
		else update.clear();
	};
	const redrawWhole = () => {
		const { columns } = stream;
		const rowsOf = (line) =>
			Math.ceil((stripVTControlCharacters(line).length || 1) / columns);
		const rows = drawn.reduce((sum, line) => sum + rowsOf(line), 0);
		stream.write(`\r${(eraseLine + lineUp).repeat(rows)}${eraseLine}`);
		update.done();
		draw();
	};
	stream.on("resize", redrawWhole);

	return {
		draw,
		/** Writes a line above the block. */
		write(text) {
			update.persist(wrap(text, "  ", stream.columns));
			draw();
		},
		close() {
			stream.off("resize", redrawWhole);
			update.clear();
			update.done();
		},
	};
}
