// Not served by the kit's host but a program of its own: anything that prints the line "listening on http://HOST:PORT/".
import { fileURLToPath } from "node:url";

export default {
	title: "node:crypto behind node:http, without Express",
	launch: () => ({
		command: process.execPath,
		args: [fileURLToPath(new URL("../server.js", import.meta.url))],
	}),
};
