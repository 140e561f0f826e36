export default {
	title: "numbers in JSON",
	contentType: "application/json",
	generate: (text) => JSON.stringify({ data: [...Buffer.from(text)] }),
};
