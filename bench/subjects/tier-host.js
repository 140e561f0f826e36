// Serves a tier from outside in Express: node bench/subjects/tier-host.js FILE [--port PORT] [--processes N]. The text is the body of a
// POST, or the parameter `text` of a GET, whatever the path.
import cluster from "node:cluster";
import { once } from "node:events";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import express from "express";

const largestText = "64mb";

function createApp(tier) {
	const app = express().disable("x-powered-by").disable("etag");
	app.use(express.text({ type: () => true, limit: largestText }));
	app.use(async (request, response) => {
		const text = request.method === "POST" ? request.body : request.query.text;
		if (typeof text !== "string") {
			response.status(400).type("text").send("There is no text.\n");
			return;
		}
		const answer = await tier.generate(text);
		response.type(tier.contentType ?? "application/octet-stream");
		response.send(Buffer.from(answer));
	});
	return app;
}

async function serve(path, port) {
	const { default: tier } = await import(pathToFileURL(path).href);
	await tier.start?.();
	const server = createApp(tier).listen(port, "127.0.0.1");
	await once(server, "listening");
	process.once("SIGTERM", async () => {
		server.closeAllConnections();
		server.close();
		await tier.stop?.();
		process.exit();
	});
	return server.address();
}

async function serveByWorkers(count) {
	const workers = Array.from({ length: count }, () => cluster.fork());
	cluster.on("exit", () => process.exit(1));
	const all = await Promise.all(
		workers.map((worker) => once(worker, "listening")),
	);
	return all[0][0];
}

const { values, positionals } = parseArgs({
	options: {
		port: { type: "string", default: "0" },
		processes: { type: "string", default: "1" },
	},
	allowPositionals: true,
});
const [path] = positionals;
const count = Number(values.processes);
const isAlone = cluster.isWorker || count === 1;
const { port } = isAlone
	? await serve(path, Number(values.port))
	: await serveByWorkers(count);
if (cluster.isPrimary)
	process.stdout.write(
		`listening on http://127.0.0.1:${port}/ (Node ${process.versions.node}, processes: ${count})\n`,
	);
