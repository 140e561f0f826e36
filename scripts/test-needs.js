// What each test needs beside Node and npm's packages, so that one file can be run without what only others need.
import path from "node:path";

const root = path.join(import.meta.dirname, "..");

/** As files in prebuilds/ are named. */
export const thisPlatform = `${process.platform}-${process.arch}`;

/**
 * setup: names that scripts/setup.sh knows (default: the need's own); builds: targets by configuration, those of binding.gyp,
 * "wasm" and "prebuilt".
 */
const needs = {
	release: {
		setup: ["build"],
		builds: { Release: ["addon", "cli", "server", "shared", "static"] },
	},
	debug: {
		setup: ["build"],
		builds: { Debug: ["addon", "cli", "server", "shared", "static"] },
	},
	sanitized: { setup: ["build"], builds: { Sanitize: ["cli", "server"] } },
	"kit-sanitized": {
		setup: ["build"],
		builds: { Sanitize: ["open_loop_sender"] },
	},
	wasm: { builds: { Release: ["wasm"] } },
	prebuilt: {
		setup: [`prebuilt-${thisPlatform}`],
		builds: { Release: ["prebuilt"] },
	},
	"wasm-debug": { setup: ["wasm"], builds: { Debug: ["wasm"] } },
	core: {
		setup: ["build"],
		builds: { Release: ["core_test", "core_threads_test", "core_fork_test"] },
	},
	"core-sanitized": {
		setup: ["build"],
		builds: { Sanitize: ["core_test"], Tsan: ["core_threads_test"] },
	},
	sweep: {
		setup: ["build", "pngcheck"],
		builds: { Release: ["png_sweep"] },
	},
	fuzz: {
		setup: ["build", "fuzz"],
		builds: {
			Fuzz: [
				"fuzz_arguments",
				"fuzz_batch",
				"fuzz_config",
				"fuzz_differential",
				"fuzz_encode",
				"fuzz_geometry",
				"fuzz_headers",
				"fuzz_http",
				"fuzz_json",
				"fuzz_pipe",
				"fuzz_query",
				"fuzz_server",
			],
			Sanitize: ["parser_outcomes"],
		},
	},
	lint: { setup: ["build", "wasm", "lint"] },
	kit: {
		setup: ["build", "load", "fonts"],
		builds: {
			Release: [
				"core_against",
				"core_bench",
				"constant_server",
				"open_loop_sender",
			],
		},
	},
	browser: {},
	fonts: {},
	chaos: { setup: ["chaos"], builds: { Release: ["injector"] } },
	git: {},
	man: {},
	musl: {},
	nginx: {},
	terminal: {},
};

const everything = Object.keys(needs);
/** What is there on any machine that builds this, or is built in seconds. */
const unitNeeds = ["release", "wasm", "wasm-debug", "core", "git", "terminal"];
const everyTier = ["release", "wasm", "nginx"];

/** The needs of files, and of all files in a folder that are not listed themselves. */
export const needsOfTests = {
	"tests/arrows.test.js": [],
	"tests/bench": ["release", "debug", "wasm", "kit", "terminal", "git"],
	"tests/bench/commands/chart.test.js": ["fonts"],
	"tests/bench/commands/shell.test.js": [],
	"tests/bench/core/corpora.test.js": [],
	"tests/bench/front-page": [],
	"tests/bench/hosts/child.test.js": [],
	"tests/bench/hosts/cpus.test.js": [],
	"tests/bench/hosts/process-tree.test.js": [],
	"tests/bench/load/arrivals.test.js": [],
	"tests/bench/load/open-loop-estimator.test.js": [],
	"tests/bench/load/grpc.test.js": [],
	"tests/bench/load/sender.test.js": ["kit-sanitized"],
	"tests/bench/load/workload.test.js": [],
	"tests/bench/proof": [],
	"tests/bench/report": [],
	"tests/bench/report/charts.test.js": ["fonts"],
	"tests/bench/report/colours.test.js": ["terminal"],
	"tests/bench/report/comparison-html.test.js": ["fonts"],
	"tests/bench/report/html.test.js": ["fonts"],
	"tests/bench/report/page.test.js": ["browser", "fonts"],
	"tests/bench/results": [],
	"tests/bench/run/rounds.test.js": [],
	"tests/bench/subjects/commit.test.js": ["git"],
	"tests/bench/subjects/qr-exchange.test.js": [],
	"tests/bench/subjects/refusals.test.js": [],
	"tests/bench/subjects/texts.test.js": [],
	"tests/chaos": [...everyTier, "chaos"],
	"tests/cli": ["release", "sanitized", "terminal"],
	"tests/cli/generated.test.js": ["man"],
	"tests/contract": [...everyTier, "debug", "wasm-debug", "sanitized"],
	"tests/core": ["core"],
	"tests/core/mask-rule.test.js": ["release"],
	"tests/core/sanitized.test.js": ["core-sanitized"],
	"tests/deploy": everyTier,
	"tests/deploy/image.test.js": [],
	"tests/deploy/systemd-unit.test.js": [],
	"tests/deploy/oss-fuzz.test.js": [],
	"tests/drop-in": ["release", "wasm"],
	"tests/ffi": ["release"],
	"tests/ffi/shared-library.test.js": ["release", "debug"],
	"tests/fuzz": ["fuzz", "release", "wasm"],
	"tests/help.test.js": ["release", "sanitized", "wasm", "kit"],
	"tests/images": ["release", "sweep"],
	"tests/lib": ["release"],
	"tests/lib/browser.test.js": ["release", "wasm"],
	"tests/lib/builds.test.js": ["release", "debug"],
	"tests/lib/load.test.js": ["release", "wasm", "prebuilt"],
	"tests/lib/types.test.js": ["wasm"],
	"tests/lint.test.js": ["lint"],
	"tests/package.test.js": ["wasm", "prebuilt"],
	"tests/page": [...everyTier, "browser"],
	"tests/page/report.test.js": [],
	"tests/prometheus.test.js": [],
	"tests/repository.test.js": ["wasm", "git"],
	"tests/roundtrip.test.js": ["release"],
	"tests/scripts": [],
	"tests/scripts/binary-facts.test.js": ["release", "prebuilt"],
	"tests/scripts/prebuild.test.js": ["release", "prebuilt", "musl"],
	"tests/scripts/reproducible.test.js": ["release"],
	"tests/scripts/sbom.test.js": ["release"],
	"tests/security.test.js": ["release", "prebuilt"],
	"tests/server": [],
	"tests/server/unheard.test.js": ["release"],
	"tests/server/native": ["release", "sanitized"],
	"tests/server/native/memory.test.js": ["release"],
	"tests/soak": ["release"],
	"tests/wasm": ["release", "wasm", "wasm-debug"],
	"tests/wasm/browser.test.js": ["release", "wasm", "browser"],
};

/** What a file needs: as it is listed, or as the nearest folder around it; all there is if none is. */
export function needsOf(file) {
	let name = path.relative(root, path.resolve(file));
	while (!(name in needsOfTests)) {
		if (name === path.dirname(name)) return everything;
		name = path.dirname(name);
	}
	return needsOfTests[name];
}

export const isUnitTest = (file) =>
	needsOf(file).every((name) => unitNeeds.includes(name));

/** { setup, builds }: what to ask of scripts/setup.sh, and the targets by configuration, for all those needs together. */
export function planOf(wanted) {
	const setup = new Set();
	const builds = {};
	for (const name of wanted) {
		const need = needs[name];
		for (const group of need.setup ?? [name]) setup.add(group);
		for (const [configuration, targets] of Object.entries(need.builds ?? {}))
			builds[configuration] = [
				...new Set([...(builds[configuration] ?? []), ...targets]),
			];
	}
	return { setup: [...setup], builds };
}
