/** npm run test:long: more of the same. */
export const isLong = process.env.TEST_LONG === "1";

/** How much of the same a test does. */
export const amountOf = (few, many) => (isLong ? many : few);
