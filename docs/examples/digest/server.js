// The digest of what is posted, by node:http alone.
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { pipeline } from "node:stream/promises";

const server = createServer(async (request, response) => {
	try {
		const hash = createHash("sha256");
		await pipeline(request, hash);
		response.setHeader("Content-Type", "text/plain");
		response.end(hash.digest("hex"));
	} catch {
		response.destroy();
	}
});
server.listen(0, "127.0.0.1", () => {
	const { port } = server.address();
	process.stdout.write(`listening on http://127.0.0.1:${port}/\n`);
});
