import cluster from "node:cluster";
import { setTimeout as sleep } from "node:timers/promises";
import { StartError } from "./errors.js";
import { parseFlags } from "./flags.js";
import { joinHostPort } from "./listen.js";
import { serveMetrics } from "./metrics/metrics-server.js";
import { runPrimary, runWorker } from "./process/cluster.js";
import { ServerProcess } from "./process/server-process.js";
import { onStopSignals, untilQuiet } from "./process/shutdown.js";

async function main() {
	const settings = parseFlags(process.argv.slice(2));
	if (cluster.isWorker) return runWorker(settings);
	const run = settings.processes > 1 ? runPrimary : runAlone;
	process.stdout.write(readyLine(settings, await run(settings)));
}

/**
 * Serves in this process.
 * @type {(settings: Server.Settings) => Promise<Server.Started>}
 */
async function runAlone(settings) {
	const server = await ServerProcess.start(settings);
	const exit = () => {
		server.stop();
		process.exit(0);
	};
	const drain = async () => {
		server.announceEnd();
		await sleep(settings.drainDelayMs);
		setTimeout(exit, settings.drainTimeoutMs);
		server.hold();
		await untilQuiet(() => server.connectionCount);
		await server.close();
		exit();
	};
	onStopSignals(drain, () => server.stop());
	const { metrics } = server;
	const metricsAddress =
		metrics && (await serveMetrics(settings, () => metrics.text()));
	const port = await server.listen(settings);
	return { port, description: server.description, metricsAddress };
}

/** @type {(settings: Server.Settings, started: Server.Started) => string} */
function readyLine({ bind, processes }, started) {
	const { port, description, metricsAddress } = started;
	const count = processes === 1 ? "1 process" : `${processes} processes`;
	const details = [description, count, `Node ${process.versions.node}`];
	if (metricsAddress) details.push(`metrics on ${metricsAddress}`);
	return `listening on http://${joinHostPort(bind, port)}/ (${details.join(", ")})\n`;
}

main().catch((error) => {
	if (!(error instanceof StartError)) throw error;
	process.stderr.write(`${error.message}\n`);
	process.exit(error.exitCode);
});
