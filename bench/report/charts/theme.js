// Colours of the charts. A tier has the same one in every chart of a report.

/** Each has a contrast of at least 3 to the background. */
const light = {
	background: "#ffffff",
	text: "#1c2330",
	faint: "#5a6475",
	grid: "#dfe3ea",
	series: [
		"#2563a8",
		"#b8500b",
		"#1a7f5a",
		"#a3348f",
		"#7d6500",
		"#7a4fc0",
		"#c0304a",
		"#0a7c8c",
		"#7a5035",
		"#5d6673",
	],
};

const dark = {
	background: "#14181f",
	text: "#e6e9ef",
	faint: "#a0a9b8",
	grid: "#2f3744",
	series: [
		"#6ba6f5",
		"#f09a52",
		"#4cc494",
		"#e07fce",
		"#cdb53a",
		"#b195f2",
		"#f2788b",
		"#4bc0d0",
		"#c69a78",
		"#a3adba",
	],
};

const names = ["background", "text", "faint", "grid"];

/** The same colours as CSS custom properties, for charts in a page: `--chart-text`, `--chart-0`, … */
function asProperties(of) {
	return [
		...names.map((name) => [`--chart-${name}`, of(name)]),
		...light.series.map((_, i) => [`--chart-${i}`, of("series", i)]),
	];
}

const valuesOf = (theme) => (name, i) =>
	i === undefined ? theme[name] : theme[name][i];

export const themes = {
	light,
	dark,
	/** Takes its colours from the page that it is in. */
	page: {
		...Object.fromEntries(names.map((name) => [name, `var(--chart-${name})`])),
		series: light.series.map((_, i) => `var(--chart-${i})`),
	},
};

/**
 * The declarations that give theme `page` its colours.
 * @type {(theme: string) => string}
 */
export function declareColours(theme) {
	return asProperties(valuesOf(themes[theme]))
		.map(([name, value]) => `${name}:${value}`)
		.join(";");
}
