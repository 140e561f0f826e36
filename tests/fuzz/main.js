// Fuzzes for as long as is asked: npm run fuzz -- TARGET SECONDS
// The corpus stays in build/fuzz/TARGET/ and grows from run to run.
import path from "node:path";
import { Argument, Command, InvalidArgumentError } from "commander";
import { build } from "../../scripts/build.js";
import { runFuzzer } from "./run.js";
import { targets } from "./seeds.js";

const root = path.join(import.meta.dirname, "../..");

function parseSeconds(digits) {
	if (/^[1-9]\d{0,5}$/.test(digits)) return Number(digits);
	throw new InvalidArgumentError("Give a whole number above 0.");
}

const { processedArgs } = new Command("npm run fuzz --")
	.description(
		"Feeds the core bytes that libFuzzer makes. What it has learnt stays in build/fuzz/, and the next run goes on from there.",
	)
	.addArgument(
		new Argument("<target>", "what to fuzz").choices(Object.keys(targets)),
	)
	.addArgument(new Argument("<seconds>", "how long").argParser(parseSeconds))
	.allowExcessArguments(false)
	.exitOverride(({ exitCode }) => process.exit(exitCode && 2))
	.parse();
const [target, seconds] = processedArgs;
build({ configuration: "Fuzz", targets: [target], quiet: true });
const folder = path.join(root, "build/fuzz", target);
const args = [`-max_total_time=${seconds}`, "-print_final_stats=1"];
const { status } = runFuzzer(target, folder, args, { stdio: "inherit" });
if (status !== 0) {
	console.error(`Repeat it with: build/Fuzz/${target} FILE`);
	process.exitCode = 1;
}
