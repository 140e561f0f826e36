import QRCode from "qrcode";
import { createTier } from "../around.js";

const options = { errorCorrectionLevel: "L", width: 200 };

export default createTier("npm qrcode", (text) =>
	QRCode.toBuffer(text, options),
);
