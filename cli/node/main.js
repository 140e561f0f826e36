#!/usr/bin/env node
// qr-tiers: the command of the npm package.
import { Complaint, complain, exitCodes } from "./complaint.js";
import { run } from "./run.js";

try {
	process.exitCode = await run(process.argv.slice(2));
} catch (error) {
	complain(error.message);
	process.exitCode =
		error instanceof Complaint ? error.exitCode : exitCodes.system;
}
