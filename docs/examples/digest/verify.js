// Throws if an answer is wrong. Two ways to make the same digest check each other here.
import { createHash } from "node:crypto";

export default function verify(text, answer) {
	const wanted = createHash("sha256").update(text).digest("hex");
	const got = answer.toString("latin1");
	if (got !== wanted) throw new Error(`it is "${got}" instead of "${wanted}"`);
}
