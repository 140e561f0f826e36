import { spawn } from "node:child_process";
import { text as readText } from "node:stream/consumers";

const digestCharacters = 64;

export default {
	title: "sha256sum, spawned for each request",
	contentType: "text/plain",
	async generate(text) {
		const child = spawn("sha256sum", {
			stdio: ["pipe", "pipe", "inherit"],
		});
		// One that ends early answers with too little, which is seen below.
		child.stdin.on("error", () => {});
		child.stdin.end(text);
		const output = await readText(child.stdout);
		if (output.length < digestCharacters) throw new Error("sha256sum failed");
		return output.slice(0, digestCharacters);
	},
};
