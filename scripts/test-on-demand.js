// Tests what npm test leaves out where it isn't built: node scripts/test-on-demand.js HOST, a name in tests/contract/hosts.js.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { build } from "./build.js";
import { buildWasm, runScript } from "./build-wasm.js";
import { testFlags } from "./test.js";

const root = path.join(import.meta.dirname, "..");
const contract = ["images", "protocol", "refusals", "caching", "drain"];

function test(host) {
	// The addon's images are what others are compared with.
	build({ targets: ["addon"], quiet: true });
	buildWasm({ quiet: true });
	const files = [
		"tests/wasm/on-demand.test.js",
		...contract.map((name) => `tests/contract/${name}.test.js`),
	];
	const { status } = spawnSync(process.execPath, [...testFlags, ...files], {
		cwd: root,
		stdio: "inherit",
		env: { ...process.env, TEST_HOSTS: host },
	});
	if (status !== 0) throw new Error(`The tests of ${host} failed.`);
}

runScript(() => test(process.argv[2]));
