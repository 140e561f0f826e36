// Chromium, as it comes with the system.
import { execFileSync } from "node:child_process";
import { chromium } from "playwright-core";
import { findHost } from "../contract/hosts.js";

const FLAGS = [
	"--headless",
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
	"--no-first-run",
];

export function launchBrowser(moreFlags = []) {
	const path = execFileSync("sh", ["-c", "command -v chromium"]);
	const executablePath = path.toString().trim();
	return chromium.launch({ executablePath, args: [...FLAGS, ...moreFlags] });
}

/** The description of a host with those tiers, all of them to choose from. */
export function hostWith(tiers) {
	return { ...findHost("addon"), flags: ["server/app.js", "--tiers", tiers] };
}

/** Collects what must not happen on a page: errors, and requests to anywhere else. */
export function watch(page, origin) {
	const troubles = [];
	page.on("pageerror", (error) => troubles.push(error.message));
	page.on("dialog", (dialog) => {
		troubles.push(`dialog: ${dialog.message()}`);
		dialog.dismiss();
	});
	page.on("console", (message) => {
		// A refusal is an error to the browser, but one that is part of the tests.
		const isRefusal = /the server responded with a status of (400|503)/;
		if (message.type() === "error" && !isRefusal.test(message.text()))
			troubles.push(message.text());
	});
	page.on("request", (request) => {
		if (!request.url().startsWith(`${origin}/`)) troubles.push(request.url());
	});
	return troubles;
}

/** Resolves when the page has shown what its form asks for. */
export async function settled(page) {
	await page.waitForFunction(() => {
		const shown = (selector) =>
			document.querySelector(selector).textContent !== "";
		const isBusy = document.querySelector("#cards[aria-busy]") !== null;
		return !isBusy && (shown("#times-note") || shown("#refusal"));
	});
}

/** Types another text or option, and waits until the page has shown the answer. */
export async function change(page, act) {
	const asked = page.waitForRequest((request) =>
		request.url().endsWith("/times"),
	);
	await act();
	await asked;
	await settled(page);
}
