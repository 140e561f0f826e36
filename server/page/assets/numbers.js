const THREE_DIGITS = new Intl.NumberFormat("en", {
	maximumSignificantDigits: 3,
});
const TWO_DIGITS = new Intl.NumberFormat("en", { maximumSignificantDigits: 2 });

/** "1.8 ms", "45 µs" */
export const duration = (ms) =>
	ms < 1 ? `${TWO_DIGITS.format(1000 * ms)} µs` : `${TWO_DIGITS.format(ms)} ms`;

/** "1,640" */
export const whole = (number) => number.toLocaleString("en");

/** "1,640 bytes" */
export const byteCount = (count) =>
	`${whole(count)} ${count === 1 ? "byte" : "bytes"}`;

/** "94,500" */
export const rate = (perSecond) => THREE_DIGITS.format(perSecond);

/** "35×" */
export const ratio = (value) => `${TWO_DIGITS.format(value)}×`;
