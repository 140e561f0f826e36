import cluster from "node:cluster";
import { StartError } from "./errors.js";
import { parseFlags } from "./flags.js";
import { joinHostPort } from "./listen.js";

/** What serves takes longest to load: whoever mistypes a flag need not wait for it. */
async function main() {
	process.stderr.on("error", () => {}); // what can't be told there is no reason to end
	const settings = parseFlags(process.argv.slice(2));
	if (cluster.isWorker)
		return (await import("./process/cluster.js")).runWorker(settings);
	const run =
		settings.processes > 1
			? (await import("./process/cluster.js")).runPrimary
			: (await import("./process/alone.js")).runAlone;
	process.stdout.write(readyLine(settings, await run(settings)));
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
