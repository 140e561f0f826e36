// Throws unless the answer holds the bytes of the text, in whichever way it says that it does.
function read(answer, headers) {
	if (!headers["content-type"].startsWith("application/json")) return answer;
	const { data } = JSON.parse(answer.toString());
	return Buffer.from(data, typeof data === "string" ? "base64" : undefined);
}

export default function verify(text, answer, headers) {
	if (!read(answer, headers).equals(Buffer.from(text)))
		throw new Error("it isn't what was sent");
}
