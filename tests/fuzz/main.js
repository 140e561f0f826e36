// Fuzzes for as long as is asked: npm run fuzz -- TARGET SECONDS
// The corpus stays in build/fuzz/TARGET/ and grows from run to run.
import path from "node:path";
import { build } from "../../scripts/build.js";
import { runFuzzer } from "./run.js";
import { targets } from "./seeds.js";

const root = path.join(import.meta.dirname, "../..");
const [target, seconds] = process.argv.slice(2);

if (!(target in targets) || !/^[1-9]\d{0,5}$/.test(seconds)) {
	console.error("Usage: npm run fuzz -- TARGET SECONDS");
	console.error(`Targets: ${Object.keys(targets).join(", ")}`);
	process.exitCode = 2;
} else {
	build({ configuration: "Fuzz", targets: [target], quiet: true });
	const folder = path.join(root, "build/fuzz", target);
	const args = [`-max_total_time=${seconds}`, "-print_final_stats=1"];
	const { status } = runFuzzer(target, folder, args, { stdio: "inherit" });
	if (status !== 0) {
		console.error(`Repeat it with: build/Fuzz/${target} FILE`);
		process.exitCode = 1;
	}
}
