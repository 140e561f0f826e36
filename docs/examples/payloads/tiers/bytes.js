export default {
	title: "bytes as they are",
	generate: (text) => Buffer.from(text),
};
