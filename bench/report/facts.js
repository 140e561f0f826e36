// Everything that the numbers depend on.
import { dimensions, nameOf } from "../results/dimensions.js";
import { formatNumber } from "./format.js";

function describeRounds({ settings, rows }) {
	const { rounds, limitMinutes, durationSeconds } = settings;
	const count = Math.max(0, ...rows.map((row) => row.rounds));
	const shown =
		rounds === "auto"
			? `auto, which came to ${count} in at most ${limitMinutes} minutes`
			: rounds;
	return `rounds: ${shown}, of ${durationSeconds} s`;
}

function describeSettings({ settings, rows }) {
	const lists = dimensions
		.filter(({ id }) => id !== "text" && id !== "node" && id !== "commit")
		.map(({ id, flag }) => {
			const name = flag.replace(/^--| <.*$/g, "");
			return `${name}: ${settings.dimensions[id].join(", ")}`;
		});
	return [describeRounds({ settings, rows }), ...lists].join("; ");
}

function describeNode(machine, { node }) {
	const isOneAndOnly = node.length === 1 && `v${node[0]}` === machine.node;
	return isOneAndOnly
		? machine.node
		: `${node.join(", ")} (and ${machine.node} for the kit itself)`;
}

/** One for each tier on each engine, and what differs between its rows, such as the number of processes. */
function describeHosts(rows) {
	const hosts = new Map();
	for (const { id, engine, details } of rows) {
		if (!details) continue;
		const name = `Host ${nameOf({ id, engine })}`;
		// The port is of no interest.
		const value = details.replace(/, grpc on [^,]*/, "");
		hosts.set(`${name} ${value}`, [name, value]);
	}
	return [...hosts.values()];
}

/**
 * [name, value]
 * @type {(results: Kit.Summary) => string[][]}
 */
export function makeFacts({ machine, settings, rows, startedAt }) {
	const system = [machine.distribution, machine.kernel].filter(Boolean);
	return [
		["Date", startedAt],
		["CPU", `${machine.cpu}, ${machine.cores} cores`],
		["Memory", `${formatNumber(machine.memoryBytes / 1e9)} GB`],
		["System", system.join(", ")],
		["Node.js", describeNode(machine, settings.dimensions)],
		["Packages", machine.packages.join(", ")],
		["Generators", machine.generators.join(", ")],
		["Commit", machine.gitCommit ?? "unknown"],
		...(settings.tierDirectory ? [["Tiers of", settings.tierDirectory]] : []),
		...(settings.against
			? [["Against", `${settings.against.ref} (${settings.against.commit})`]]
			: []),
		["Command", settings.command],
		["Settings", describeSettings({ settings, rows })],
		...settings.texts.map(({ kind, count, meanBytes }) => [
			"Texts",
			`${kind}: ${count} texts, ${formatNumber(meanBytes)} bytes in the mean`,
		]),
		...describeHosts(rows),
	];
}
