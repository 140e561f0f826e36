// What a row is sent: the texts in batches, as requests of its transport, and the load that a generator makes of them.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parametersOf } from "../results/dimensions.js";
import { makeBatches } from "./batches.js";
import { grpcBody } from "./grpc.js";
import { runH2load } from "./h2load.js";
import { runWrk, wrkRequests } from "./wrk.js";

function fileFor(directory, row, suffix) {
	const folder = join(directory, "requests");
	mkdirSync(folder, { recursive: true });
	const parameters = Object.entries(parametersOf(row)).flat();
	const { transport, text, batchSize } = row;
	const name = [transport, text, batchSize, ...parameters, ...suffix].join("-");
	return join(folder, name.replace(/[^\w-]/g, "_"));
}

function httpLoad(row, exchange, batches, directory) {
	const requestsFile = fileFor(directory, row, []);
	const parameters = parametersOf(row);
	const requests = batches.map((batch) => exchange.request(batch, parameters));
	writeFileSync(requestsFile, wrkRequests(requests));
	return (host, _round, options) =>
		runWrk({ ...options, url: host.url, requestsFile });
}

/** Each round sends another batch, since h2load can send only one. */
async function grpcLoad(row, exchange, batches, directory, answerNbytes) {
	const parameters = parametersOf(row);
	const bodyFiles = [];
	for (const [i, batch] of batches.entries()) {
		bodyFiles.push(fileFor(directory, row, [i + 1]));
		writeFileSync(bodyFiles[i], await grpcBody(exchange, batch, parameters));
	}
	return (host, round, options) => {
		const i = round % batches.length;
		return runH2load({
			...options,
			url: `http://${host.grpcAddress}${exchange.path}`,
			bodyFile: bodyFiles[i],
			answerNbytes: answerNbytes[i],
		});
	};
}

/**
 * Makes the load of a row: a function (host, round, { connections, durationSeconds, cpus, signal, onLoadEnd }) that runs the generator and
 * fulfils with what runWrk does. The requests are in files below `directory`; `answerNbytes`: how long the answer to each batch is.
 * @type {(row: Kit.Sent, texts: string[], options: { directory: string, answerNbytes?: number[] }) => Promise<Kit.RunLoad>}
 */
export async function createLoad(row, texts, { directory, answerNbytes }) {
	const batches = makeBatches(texts, row.batchSize);
	const { exchange } = row;
	return exchange.protocol === "grpc"
		? grpcLoad(row, exchange, batches, directory, answerNbytes)
		: httpLoad(row, exchange, batches, directory);
}
