import assert from "node:assert/strict";
import test from "node:test";
import { refusals } from "../../../bench/subjects/refusals.js";
import { refusedQueries } from "../../contract/refusals.js";

test("the kit expects what the contract asks for", () => {
	const contract = new Map(refusedQueries);
	for (const [query, sentence] of refusals)
		assert.equal(contract.get(query), sentence, query);
});
