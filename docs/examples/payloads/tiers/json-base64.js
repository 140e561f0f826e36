export default {
	title: "base64 in JSON",
	contentType: "application/json",
	generate(text) {
		const data = Buffer.from(text).toString("base64");
		return JSON.stringify({ data });
	},
};
