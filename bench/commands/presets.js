// What --preset stands for: values of other options, unless those are given.
import os from "node:os";
import { discoverTiers } from "../subjects/tiers.js";

const select = (...ids) => ids.map((id) => ({ id }));
const cores = os.availableParallelism();

export const presets = {
	quick: {
		description: "js, addon and server on the fast engine, in about a minute",
		values: {
			tiers: () => select("js", "addon", "server"),
			engine: () => ["fast"],
			rounds: () => 6,
			duration: () => 0.5,
			warmUp: () => 1,
		},
	},
	full: {
		description: "all tiers, short to long texts, long rounds: an hour or more",
		values: {
			tiers: () => discoverTiers().map((id) => ({ id, isOptional: true })),
			text: () => ["short", "mid", "long"],
			rounds: () => 20,
			duration: () => 3,
		},
	},
	article: {
		description: `the article's tiers on the engine reference, ${cores} processes, 100 connections, 30 s a tier, ten texts as long as its URLs`,
		values: {
			tiers: () => select("js", "cli", "wasm", "addon", "server"),
			engine: () => ["reference"],
			text: () => ["article"],
			processes: () => [cores],
			connections: () => [100],
			rounds: () => 10,
			duration: () => 3,
		},
	},
};
