// What a service does around an image: it reads what the code is to say from a file, waits for another service, and keeps the image.
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** As a query to a database in the same data centre, or a call to a service, takes. */
const upstreamMs = 5;

/**
 * A tier whose images are made by `encode(text)`, which gives bytes or a Promise of them.
 */
export function createTier(title, encode) {
	let folder;
	const stored = new Set();
	return {
		title,
		contentType: "image/png",
		async start() {
			folder = await mkdtemp(join(tmpdir(), "stored-"));
		},
		async generate(id) {
			const name = createHash("sha256").update(id).digest("hex");
			const textFile = join(folder, `${name}.txt`);
			// The first time stands for whoever wrote it.
			if (!stored.has(name)) await writeFile(textFile, id);
			stored.add(name);
			const text = await readFile(textFile, "utf8");
			await sleep(upstreamMs);
			const image = await encode(text);
			await writeFile(join(folder, `${name}.png`), image);
			return image;
		},
		// Images that are just being written make it try again.
		stop: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
	};
}
