/*
 * Who may ask for what, by what browsers say of a request; other clients may say what they like.
 *
 * The Host: a page of evil.example whose name is made to point here (DNS rebinding) reads answers as if they were its own, but
 * can't hide that name. So what tells of this machine, or makes it work at will, is for its own names alone.
 *
 * The site: the page of another site can send, unread, whatever a form can. Judged as by Go's http.CrossOriginProtection.
 */
import { isIP, isIPv6 } from "node:net";

const NAME = /^([\w.-]+|\[[\da-f:.]+\])$/i;
const PORT = /:\d{1,5}$/;
const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"];
/** @type {Set<string | undefined>} */
const ALL_ADDRESSES = new Set(["0.0.0.0", "[::]"]);
const OWN_SITE = new Set(["same-origin", "none"]); // none: the person at the browser, not a page

/**
 * Returns a name or an address as URLs write it, or undefined if it is neither: in lower case, IPv6 short and in brackets.
 * @type {(text: string) => string | undefined}
 */
export function canonicalName(text) {
	const name = isIPv6(text) ? `[${text}]` : text;
	if (!NAME.test(name)) return undefined;
	return parseUrl(`http://${name}`)?.hostname.replace(/\.$/, "");
}

/**
 * Returns a function that tells whether the headers name localhost, the address that is listened on (any address, where that is
 * all of them: only names can be rebound) or one of allowedHosts, which are canonical. Ports don't matter.
 * @type {(bind: string, allowedHosts?: string[]) => (headers: Server.RequestHeaders) => boolean}
 */
export function createHostCheck(bind, allowedHosts = []) {
	const own = canonicalName(bind);
	const names = new Set([...LOOPBACK_NAMES, own, ...allowedHosts]);
	const takesAddresses = ALL_ADDRESSES.has(own);

	return function isAllowedHost({ host = "" }) {
		const name = canonicalName(host.replace(PORT, ""));
		if (name === undefined) return false;
		const isNamed = names.has(name) || name.endsWith(".localhost");
		return isNamed || (takesAddresses && isAddress(name));
	};
}

/**
 * Returns a function that tells whether the headers are those of a page of this server or of no page at all. Pages of allowedHosts
 * count as this server's: behind a proxy, Host may be another than people see.
 * @type {(allowedHosts?: string[]) => (headers: Server.RequestHeaders) => boolean}
 */
export function createSiteCheck(allowedHosts = []) {
	const names = new Set(allowedHosts);

	return function isOwnSite({ host = "", origin, "sec-fetch-site": site }) {
		if (site === undefined ? origin === undefined : OWN_SITE.has(site))
			return true;
		const url = parseUrl(origin);
		if (url === undefined) return false;
		const own = parseUrl(`${url.protocol}//${host}`); // without the default port, as an Origin is
		const isSame = site === undefined && url.host === own?.host;
		return isSame || names.has(url.hostname.replace(/\.$/, ""));
	};
}

/** @type {(text: string | undefined) => URL | undefined} */
function parseUrl(text) {
	return text !== undefined && URL.canParse(text) ? new URL(text) : undefined;
}

function isAddress(name) {
	return isIP(name.replace(/^\[(.*)\]$/, "$1")) !== 0;
}
