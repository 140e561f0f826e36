import assert from "node:assert/strict";
import test from "node:test";
import { describeRatio } from "../../../bench/report/interval.js";

test("an interval is shown as widely as it is", () => {
	const rows = [
		[{ ratio: 36, low: 33, high: 39 }, "36 ± 3"],
		[{ ratio: 330.4, low: 300, high: 366 }, "330 ± 33"],
		[{ ratio: 3.28, low: 2.37, high: 4.55 }, "3.28 (2.37 to 4.55)"],
		[{ ratio: 0.98, low: 0.95, high: 1.011 }, "0.98 ± 0.03"],
		[{ ratio: 1.234, low: 1.22, high: 1.25 }, "1.23 ± 0.02"],
		[{ ratio: 36, low: 20, high: 65 }, "36.0 (20.0 to 65.0)"],
		[{ ratio: 90, low: 90, high: 90 }, "90.0"],
		[{ ratio: 90, low: null, high: null }, "about 90.0"],
	];
	for (const [interval, text] of rows)
		assert.equal(describeRatio(interval), text);
});
