// What the values of options stand for. Each parser throws what commander shows to those who gave something else.
import { InvalidArgumentError } from "commander";
import { formatNames } from "../report/formats.js";
import { parseCondition } from "../results/conditions.js";

/**
 * "10%" → 0.1
 * @type {(value: string) => number}
 */
export function parseThreshold(value) {
	const [, digits] = /^(\d{1,3}(?:\.\d{1,3})?) ?%$/.exec(value) ?? [];
	if (!digits || Number(digits) >= 100)
		throw new InvalidArgumentError("Give a percentage below 100, such as 10%.");
	return Number(digits) / 100;
}

const rateUsage =
	"Give requests per second, such as 1000, or a share of each row's own peak, such as 50%, or several with commas between them.";

function parseRate(value) {
	const [, digits, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(value) ?? [];
	const number = Number(digits);
	if (!(number > 0 && number <= (percent ? 1000 : 1e6)))
		throw new InvalidArgumentError(rateUsage);
	return percent
		? { wanted: value, share: number / 100 }
		: { wanted: value, perSecond: number };
}

/**
 * "10%,1000" → [{ wanted: "10%", share: 0.1 }, { wanted: "1000", perSecond: 1000 }]
 * @type {(value: string) => Kit.Rate[]}
 */
export function parseRates(value) {
	const rates = value.split(",").map(parseRate);
	if (new Set(rates.map(({ wanted }) => wanted)).size < rates.length)
		throw new InvalidArgumentError("Name each rate once.");
	return rates;
}

/**
 * "500/s" or "500" → 500
 * @type {(value: string) => number}
 */
export function parseLoad(value) {
	const [, digits] = /^(\d+(?:\.\d+)?)(?:\/s)?$/.exec(value) ?? [];
	const load = Number(digits);
	if (!(load > 0 && load <= 1e9))
		throw new InvalidArgumentError(
			"Give requests (or images) per second, up to 1000000000, such as 500/s.",
		);
	return load;
}

const targetForm = /^(?:(?<name>[\w][\w.-]*)=)?(?<url>https?:\/\/.+)$/;
const targetUsage =
	"Give the origin of a server, such as http://127.0.0.1:8080, or NAME=ORIGIN, or several with commas between them.";

function parseTarget(value) {
	const { name, url } = targetForm.exec(value)?.groups ?? {};
	if (!url || !URL.canParse(url)) throw new InvalidArgumentError(targetUsage);
	const { origin, host, pathname, search, username } = new URL(url);
	if (pathname !== "/" || search || username)
		throw new InvalidArgumentError(targetUsage);
	return { id: name ?? host, target: origin };
}

/**
 * "live=https://example.org,http://127.0.0.1:8080" → [{ id: "live", target: origin }, …]; may be repeated on a command line.
 * @type {(value: string, earlier?: Kit.Selection[]) => Kit.Selection[]}
 */
export function parseTargets(value, earlier = []) {
	const targets = [...earlier, ...value.split(",").map(parseTarget)];
	if (new Set(targets.map(({ id }) => id)).size < targets.length)
		throw new InvalidArgumentError("Name each target once.");
	return targets;
}

/**
 * "p99>20ms,errors>0" → conditions; may be repeated on a command line.
 * @type {(value: string, earlier?: Kit.Condition[]) => Kit.Condition[]}
 */
export function parseConditions(value, earlier = []) {
	const parse = (text) => {
		const condition = parseCondition(text);
		if (condition) return condition;
		throw new InvalidArgumentError(
			`"${text}" is no condition. Give FIGURE<VALUE or FIGURE>VALUE, such as p99>20ms, errors>0 or "addon: ratio<10x", or several with commas between them; --help lists the figures.`,
		);
	};
	return [...earlier, ...value.split(",").map(parse)];
}

/** @type {(value: string) => string[]} */
export function parseFormats(value) {
	const names = value.split(",");
	if (!names.every((name) => formatNames.includes(name)))
		throw new InvalidArgumentError(
			`Give ${formatNames.join(" or ")}, or both with a comma between them.`,
		);
	return [...new Set(names)];
}
