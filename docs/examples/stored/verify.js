// Throws unless the answer is a PNG with a QR code of the text in it.
import { decodeQrCode } from "../../../bench/subjects/decode.js";

export default async function verify(text, answer) {
	const { bytes } = await decodeQrCode(answer);
	const said = bytes.toString();
	if (said !== text) throw new Error(`it says "${said}"`);
}
