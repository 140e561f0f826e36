import cluster from "node:cluster";
import { runPrimary, runWorker } from "./cluster.js";
import { StartError } from "./errors.js";
import { parseFlags } from "./flags.js";
import { Serving } from "./serving.js";
import { onStopSignals, untilQuiet } from "./stopping.js";

async function main() {
	const settings = parseFlags(process.argv.slice(2));
	if (cluster.isWorker) return runWorker(settings);
	const run = settings.processes > 1 ? runPrimary : runAlone;
	const { port, description } = await run(settings);
	process.stdout.write(readyLine(settings, port, description));
}

/** Serves in this process. */
async function runAlone(settings) {
	const serving = await Serving.start(settings);
	const exit = () => {
		serving.stop();
		process.exit(0);
	};
	const drain = async () => {
		setTimeout(exit, settings.drainTimeoutMs);
		serving.hold();
		await untilQuiet(() => serving.connectionCount);
		await serving.close();
		exit();
	};
	onStopSignals(drain, () => serving.stop());
	const port = await serving.listen(settings.bind, settings.port);
	return { port, description: serving.description };
}

function readyLine({ bind, processes }, port, description) {
	const host = bind.includes(":") ? `[${bind}]` : bind;
	const count = processes === 1 ? "1 process" : `${processes} processes`;
	return `listening on http://${host}:${port}/ (${description}, ${count}, Node ${process.versions.node})\n`;
}

main().catch((error) => {
	if (!(error instanceof StartError)) throw error;
	process.stderr.write(`${error.message}\n`);
	process.exit(error.exitCode);
});
