/** How much of the same a test does: few by default, many with TEST_LONG=1 in the environment. */
export const amountOf = (few, many) =>
	process.env.TEST_LONG === "1" ? many : few;
