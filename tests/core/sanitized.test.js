// The core's tests, built for sanitizers.
import test from "node:test";
import { assertThreadsAgree, assertUnitTestsPass } from "./run.js";

test("core unit tests", () => assertUnitTestsPass("Sanitize"));

// Engines differ in vectors alone.
for (const engine of ["fast", "fast:baseline"])
	test(`eight threads start cold, engine ${engine}`, (context) =>
		assertThreadsAgree(context, "Tsan", engine));
