// What rows differ in, beside the tier: every --flag takes a list, and the rows are the product of the lists.
export const textKinds = ["short", "mid", "long", "article"];
export const buildNames = ["release", "debug"];
export const transportNames = ["get", "post-raw", "post-json", "grpc"];

/** A whole number in that range, as a parser that returns undefined for anything else. */
const wholeNumber = (low, high) => (value) => {
	const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
	return number >= low && number <= high ? number : undefined;
};
const oneOf = (names) => (value) => (names.includes(value) ? value : undefined);
/** The value of the dimension `commit` for the tree that the kit itself is in. */
export const thisCommit = "here";
const anyName = (value) => (value === "" ? undefined : value);

/** 1 connection, 2 connections */
const counted = (unit) => (count) =>
	`${count} ${unit}${count === 1 ? "" : "s"}`;

/**
 * [{ id, head, flag, description, accepts, parse, defaults, show }]: `parse` gives undefined for what is not accepted. `show` is how a
 * value appears in a row's name, if it is not the only default; `parseAll`, if there, has the last word on the list;
 * `shownDefault` is what --help calls the default. `isWorkload`: ratios are between rows that have the same value. `isParameter`: it is
 * a parameter of the requests, by the name of its id.
 * @type {Kit.Dimension[]}
 */
export const dimensions = [
	{
		id: "text",
		head: "text",
		flag: "--text <kinds>",
		description: `${textKinds.join(", ")} (20 to 80, about 200 and about 500 bytes; ten as long as the article's), or files with one text per line`,
		accepts: `${textKinds.join(", ")} or a file`,
		parse: anyName,
		defaults: ["short"],
		show: (kind) => kind,
		isWorkload: true,
	},
	{
		id: "width",
		head: "width\npx",
		flag: "--width <px>",
		description: "width of the images",
		accepts: "a whole number from 21 to 1024",
		parse: wholeNumber(21, 1024),
		defaults: [200],
		show: (width) => `${width} px`,
		isWorkload: true,
		isParameter: true,
	},
	{
		id: "connections",
		head: "connec-\ntions",
		flag: "--connections <n>",
		description: "connections, each with one request at a time",
		accepts: "a whole number from 1 to 10000",
		parse: wholeNumber(1, 10_000),
		defaults: [64],
		show: counted("connection"),
		isWorkload: true,
	},
	{
		id: "node",
		head: "Node",
		flag: "--node <versions>",
		description:
			"Node versions for tiers in Express: major versions, which are fetched, or paths of binaries",
		accepts: "a major version such as 26, or the path of a node binary",
		parse: anyName,
		defaults: [process.versions.node],
		show: (version) => `Node ${version}`,
	},
	{
		id: "processes",
		head: "pro-\ncesses",
		flag: "--processes <n>",
		description: "server processes, or threads of the C server",
		accepts: "a whole number from 1 to 256",
		parse: wholeNumber(1, 256),
		defaults: [1],
		show: (count) => (count === 1 ? "1 process" : `${count} processes`),
	},
	{
		id: "build",
		head: "build",
		flag: "--build <names>",
		description: `${buildNames.join(", ")}: which build of the C code`,
		accepts: buildNames.join(" or "),
		parse: oneOf(buildNames),
		defaults: ["release"],
		show: (build) => build,
	},
	{
		id: "transport",
		head: "transport",
		flag: "--transport <names>",
		description: `${transportNames.join(", ")}: how a text is sent`,
		accepts: transportNames.join(", "),
		parse: oneOf(transportNames),
		defaults: ["get"],
		show: (transport) => transport,
	},
	{
		id: "batchSize",
		head: "batch",
		flag: "--batch-size <n>",
		description: "texts in a request; several go as one JSON array, or by gRPC",
		accepts: "a whole number from 1 to 1000",
		parse: wholeNumber(1, 1000),
		defaults: [1],
		show: (size) => `batch ${size}`,
	},
	{
		id: "commit",
		head: "commit",
		flag: "--against <ref>",
		description:
			"another commit (a git ref), built, measured in the same rounds and compared with this one",
		accepts: "one git ref, such as HEAD~1 or a branch",
		parse: anyName,
		parseAll: ([ref, ...more]) =>
			more.length || ref === thisCommit ? undefined : [thisCommit, ref],
		defaults: [thisCommit],
		shownDefault: "none",
		show: (ref) => `at ${ref}`,
	},
];

const workload = dimensions.filter(({ isWorkload }) => isWorkload);
const parameters = dimensions.filter(({ isParameter }) => isParameter);

/**
 * Whether a ratio between these two rows says something about their tiers.
 * @type {(a: Partial<Kit.Settings>, b: Partial<Kit.Settings>) => boolean}
 */
export function haveSameWorkload(a, b) {
	return workload.every(({ id }) => a[id] === b[id]);
}

/**
 * Whether two rows differ in the tier, its engine and its build alone.
 * @type {(a: Partial<Kit.Settings>, b: Partial<Kit.Settings>) => boolean}
 */
export function areServedAlike(a, b) {
	return dimensions.every(
		({ id }) =>
			id === "build" || a[id] === b[id] || a[id] === null || b[id] === null,
	);
}

/**
 * Whether two rows differ in that dimension, and in no other.
 * @type {(id: keyof Kit.Settings, a: Partial<Kit.Settings>, b: Partial<Kit.Settings>) => boolean}
 */
export function differInOne(id, a, b) {
	return dimensions.every(
		(one) => (one.id === id) !== (a[one.id] === b[one.id]),
	);
}

/**
 * The parameters of a row's requests beside the text, without those that a tier takes by itself.
 * @type {(row: Partial<Kit.Settings>) => Kit.Parameters}
 */
export function parametersOf(row) {
	const given = parameters
		.map(({ id, defaults: [usual] }) => [id, row[id] ?? usual, usual])
		.filter(([, value, usual]) => value !== usual);
	return Object.fromEntries(given);
}

/**
 * Whether both rows are asked for the same images.
 * @type {(a: Partial<Kit.Settings>, b: Partial<Kit.Settings>) => boolean}
 */
export function haveSameImages(a, b) {
	return a.text === b.text && parameters.every(({ id }) => a[id] === b[id]);
}

/**
 * All combinations of `values` (dimension → list) in those dimensions; the last varies fastest.
 * @type {(chosen: { id: string }[], values: Kit.Values) => Partial<Kit.Settings>[]}
 */
export function product(chosen, values) {
	return chosen.reduce(
		(rows, { id }) =>
			rows.flatMap((row) =>
				values[id].map((value) => ({ ...row, [id]: value })),
			),
		[{}],
	);
}

/**
 * What a row is called: js, addon@fast, addon@fast grpc batch 10. A dimension that does not concern a tier is null.
 * @type {(row: Partial<Kit.Settings> & { id: string, engine?: string | null, isAgain?: boolean }) => string}
 */
export function nameOf({ id, engine, isAgain, ...row }) {
	const tier = engine ? `${id}@${engine}` : id;
	const others = dimensions
		.filter(({ id, defaults: [usual] }) => (row[id] ?? usual) !== usual)
		.map(({ id, show }) => show(row[id]));
	return [tier, ...others, ...(isAgain ? ["again"] : [])].join(" ");
}

/**
 * The dimensions that have more than one value in these rows.
 * @type {(rows: Partial<Kit.Settings>[]) => Kit.Dimension[]}
 */
export function varyingDimensions(rows) {
	const values = (id) => rows.map((row) => row[id] ?? null);
	return dimensions.filter(
		({ id }) => new Set(values(id).filter((value) => value !== null)).size > 1,
	);
}

/**
 * Batches come over fewer connections, so that as many texts are on their way, but never so few that a process has to wait for one.
 * @type {(row: { connections: number, batchSize: number, processes: number }) => number}
 */
export function connectionsFor({ connections, batchSize, processes }) {
	if (batchSize === 1) return connections;
	return Math.max(2 * processes, Math.round(connections / batchSize));
}
