// The comparison kit: node bench/main.js --help says what it takes.
import { parseOptions } from "./commands/options.js";

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
	// What draws charts takes longest to load: whoever mistypes an option need not wait for it.
	if (word === "compare")
		return (await import("./commands/compare.js")).runCompare(rest);
	if (word === "chart")
		return (await import("./commands/chart.js")).runChart(rest);
	const { reportDirectory, ...options } = parseOptions();
	if (reportDirectory)
		return (await import("./commands/report.js")).reportAgain(
			reportDirectory,
			options,
		);
	return (await import("./commands/measure.js")).measure(options);
}

process.exitCode = await main();
