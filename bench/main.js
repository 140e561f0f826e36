// The comparison kit: node bench/main.js --help says what it takes.
import { runChart } from "./commands/chart.js";
import { runCompare } from "./commands/compare.js";
import { measure } from "./commands/measure.js";
import { parseOptions } from "./commands/options.js";
import { reportAgain } from "./commands/report.js";

/** Whoever reads the report may have seen enough, as head has; the files are written all the same. */
function letReadersLeave() {
	process.stdout.on("error", (error) => {
		if (error.code !== "EPIPE") throw error;
	});
}

/** Fulfils with the exit code. */
async function main() {
	letReadersLeave();
	const [word, ...rest] = process.argv.slice(2);
	if (word === "compare") return runCompare(rest);
	if (word === "chart") return runChart(rest);
	const { reportDirectory, ...options } = parseOptions();
	return reportDirectory ? reportAgain(reportDirectory) : measure(options);
}

process.exitCode = await main();
