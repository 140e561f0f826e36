// Runs deploy/nginx.conf with the two servers behind it, on loopback and without root: node server/nginx/run-nginx.js --port 8080
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { StartError } from "../errors.js";
import { exitAfterPrinting } from "../printing.js";
import { onStopSignals } from "../process/shutdown.js";
import { BIND, Site } from "./site.js";

const EXIT_USAGE = 2;

const HELP = `Usage: node server/nginx/run-nginx.js [OPTION]...
Run nginx on ${BIND}: /qrcode goes to the C server, all else to Express.

  --port PORT              port of nginx; 0 takes a free one (default 8080)
  --threads N              nginx workers, and threads of the C server (default:
                           the CPUs there are)
  --engine NAME            engine of both servers
  --max-width PX           widest image allowed, in both servers
  --cache-control VALUE    header for images, in both servers
  --request-timeout-ms MS  time for a request to arrive in full (default 10000)
  --drain-timeout-ms MS    time to answer the last requests after SIGTERM or
                           SIGINT (default 10000)
  --help                   show this help and exit
`;

/** @type {{ type: "string" }} */
const string = { type: "string" };
/** @satisfies {import("node:util").ParseArgsConfig["options"]} */
const options = {
	port: { ...string, default: "8080" },
	threads: { ...string, default: `${availableParallelism()}` },
	engine: string,
	"max-width": string,
	"cache-control": string,
	"request-timeout-ms": { ...string, default: "10000" },
	"drain-timeout-ms": { ...string, default: "10000" },
	help: { type: "boolean", default: false },
};

/** @type {(argv: string[]) => import("./site.js").SiteFlags & { help?: boolean }} */
function parseFlags(argv) {
	try {
		const flags = parseArgs({ args: argv, options }).values;
		if (/^[0-9]{1,5}$/.test(flags.port) && Number(flags.port) <= 65_535)
			return flags;
	} catch (error) {
		throw new StartError(error.message.replaceAll("\n", " "), EXIT_USAGE);
	}
	throw new StartError("--port must be a number from 0 to 65535.", EXIT_USAGE);
}

async function main() {
	const flags = parseFlags(process.argv.slice(2));
	if (flags.help) {
		process.stdout.write(HELP);
		exitAfterPrinting(0);
	}
	const site = new Site(flags);
	const exit = () => {
		site.kill();
		process.exit(0);
	};
	const drain = async () => {
		setTimeout(exit, Number(flags["drain-timeout-ms"]));
		await site.drain();
		exit();
	};
	onStopSignals(drain, () => site.kill());
	try {
		const { port, details } = await site.start();
		process.stdout.write(`listening on http://${BIND}:${port}/ (${details})\n`);
	} catch (error) {
		site.kill();
		throw error;
	}
}

main().catch((error) => {
	if (!(error instanceof StartError)) throw error;
	if (error.message !== "") process.stderr.write(`${error.message}\n`);
	process.exit(error.exitCode);
});
