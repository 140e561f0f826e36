// 64 addresses, as shops print them on receipts.
export default {
	short: Array.from(
		{ length: 64 },
		(_, i) => `https://shop.example/receipts/${100_000 + 7919 * i}`,
	),
};
