// A registry of npm packages on loopback, which has what was published to it.
import { once } from "node:events";
import http from "node:http";
import { json } from "node:stream/consumers";
import { isMainThread, parentPort, Worker } from "node:worker_threads";

/** Package managers may refuse what is younger than some days. */
const LONG_AGO = "2026-01-01T00:00:00.000Z";

/** What "npm publish" sends, with the tarball's address here. */
function store(packages, origin, name, { _attachments, ...description }) {
	const files = new Map();
	for (const [file, { data }] of Object.entries(_attachments))
		files.set(file, Buffer.from(data, "base64"));
	const [version, manifest] = Object.entries(description.versions)[0];
	const [file] = files.keys();
	manifest.dist.tarball = `${origin}/${name}/-/${file}`;
	const time = { created: LONG_AGO, modified: LONG_AGO, [version]: LONG_AGO };
	packages.set(name, { description: { ...description, time }, files });
}

function answer(packages, request, response) {
	const [name, , file] = request.url.slice(1).split("/");
	const found = packages.get(name);
	const body = file
		? found?.files.get(file)
		: found && JSON.stringify(found.description);
	const type = file ? "application/octet-stream" : "application/json";
	response
		.writeHead(body ? 200 : 404, { "Content-Type": type })
		.end(body ?? "{}");
}

function serve() {
	const packages = new Map();
	let origin;
	const server = http.createServer(async (request, response) => {
		if (request.method !== "PUT") return answer(packages, request, response);
		const name = request.url.slice(1);
		store(packages, origin, name, await json(request));
		response.writeHead(201).end("{}");
	});
	server.listen(0, "127.0.0.1", () => {
		origin = `http://127.0.0.1:${server.address().port}`;
		parentPort.postMessage(origin);
	});
}

/** In a thread of its own, since here commands are waited for. Resolves to { origin, close }. */
export async function startRegistry() {
	const worker = new Worker(import.meta.filename);
	const [origin] = await once(worker, "message");
	return { origin, close: () => worker.terminate() };
}

if (!isMainThread) serve();
