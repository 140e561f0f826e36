// Serves in this process.
import { setTimeout as sleep } from "node:timers/promises";
import { serveMetrics } from "../metrics/metrics-server.js";
import { ServerProcess } from "./server-process.js";
import { onStopSignals, untilQuiet } from "./shutdown.js";

/**
 * Resolves when it listens; rejects with a StartError.
 * @type {(settings: Server.Settings) => Promise<Server.Started>}
 */
export async function runAlone(settings) {
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
