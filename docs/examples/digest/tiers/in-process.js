import { createHash } from "node:crypto";

export default {
	title: "node:crypto in the process of the server",
	contentType: "text/plain",
	generate: (text) => createHash("sha256").update(text).digest("hex"),
};
