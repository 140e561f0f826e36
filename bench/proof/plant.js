// A copy of the repository in which a tier does a known amount of work more. How much it is, the kit itself measures, once, on a tier that
// does so much more that it can't be missed.
import { execFileSync } from "node:child_process";
import {
	cpSync,
	existsSync,
	mkdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readResults, writeWhole } from "../results/files.js";
import { runKit } from "./kit.js";

const here = fileURLToPath(new URL("../..", import.meta.url));
/** Some ms. */
const calibrationSteps = 1_000_000;
const calibrationOptions = "--rounds auto --limit 5 --warm-up 1".split(" ");
const plantedFile = "planted.json";

const tierId = (tier) => tier.split("@")[0];

/**
 * What the tier with more work is called, beside the tier itself.
 * @type {(tier: string) => string}
 */
export const heavyTier = (tier) =>
	tier.replace(tierId(tier), `${tierId(tier)}-heavy`);

/**
 * The file of a tier with so many steps of work before each image.
 * @type {(source: string, id: string, steps: number) => string}
 */
export function withWork(source, id, steps) {
	const beginning = /export default \{/;
	if (!beginning.test(source) || !/\bgenerate\b/.test(source))
		throw new Error(
			`--planted needs a tier with generate() in its file, which ${id} is not.`,
		);
	return `${source.replace(beginning, "const light = {")}
export let sum = 1;

function work() {
	let value = sum;
	for (let i = 0; i < ${steps}; i += 1) value = (Math.imul(value, 1103515245) + 12345) | 0;
	sum = value;
}

const heavy = {
	...light,
	id: "${id}",
	generate(...args) {
		work();
		return light.generate(...args);
	},
};

export { heavy as default };
`;
}

/** Writes the planted tier of the copy: a tier of its own for twins, else in the tier's place. */
function plantTier(root, { tier, kind }, steps) {
	const id = tierId(tier);
	const file = (name) => join(root, "server", "tiers", `${name}.js`);
	const original = readFileSync(
		join(here, "server", "tiers", `${id}.js`),
		"utf8",
	);
	const planted = kind === "twin" ? heavyTier(id) : id;
	rmSync(file(heavyTier(id)), { force: true });
	writeFileSync(file(planted), withWork(original, planted, steps));
}

function makeCopy(root) {
	if (existsSync(root)) rmSync(root, { recursive: true });
	execFileSync("git", ["clone", "--quiet", here, root], { stdio: "pipe" });
	symlinkSync(join(here, "node_modules"), join(root, "node_modules"));
	const filter = (path) => !/[/](?:obj[.]target|[.]deps)$/.test(path);
	cpSync(join(here, "build", "Release"), join(root, "build", "Release"), {
		recursive: true,
		filter,
	});
}

/** How many steps make that share of what a request costs, with what the calibration knows of it. */
async function calibrate(directory, root, { tier, planted, signal }) {
	plantTier(root, { tier, kind: "twin" }, calibrationSteps);
	const out = join(directory, "calibration");
	rmSync(out, { recursive: true, force: true });
	mkdirSync(out);
	const args = [
		"--tiers",
		`${tier},${heavyTier(tier)}`,
		...calibrationOptions,
		"--out",
		out,
	];
	await runKit(args, { directory: out, root, signal });
	const {
		rows: [, row],
	} = readResults(out);
	const { ratio, low, high } = row.relative.cpuMicrosPerImage;
	const steps = Math.round((calibrationSteps * planted) / (ratio - 1));
	const share = (bound) => (planted * (bound - 1)) / (ratio - 1);
	return { steps, low: share(low), high: share(high) };
}

/**
 * Fulfils with { root: of the copy, steps, low, high: between which share the planted work is }. What is there already is used again.
 * @type {(directory: string, options: Kit.ProofOptions & { signal: AbortSignal }) => Promise<Kit.PlantedCopy>}
 */
export async function plant(directory, options) {
	const root = join(directory, "copy");
	const file = join(directory, plantedFile);
	if (existsSync(file))
		return { root, ...JSON.parse(readFileSync(file, "utf8")) };
	makeCopy(root);
	const found = await calibrate(directory, root, options);
	plantTier(root, options, found.steps);
	writeWhole(file, `${JSON.stringify(found)}\n`);
	return { root, ...found };
}
