import { Codes } from "./codes.js";
import { copyOnClick } from "./copy.js";
import { codeLines, curlLine, imagePath } from "./lines.js";
import { byteCount } from "./numbers.js";
import { RaceView } from "./race.js";

const PAUSE_MS = 150;

const form = document.querySelector("form");
const codes = new Codes();
const choice = document.querySelector("#lines-tier");
const firstTierId = document.querySelector(".card").dataset.tier;
const race = new RaceView(readValues);
let timer;

/** As the form would send them. */
function readValues() {
	return Object.fromEntries(new FormData(form));
}

function showLines(values) {
	const path = imagePath(values, codes.tier(choice?.value ?? firstTierId));
	document.querySelector("#curl").textContent = curlLine(location.origin, path);
	document.querySelector("#code").textContent = codeLines(values);
	const textBytes = new TextEncoder().encode(values.text).length;
	document.querySelector("#text-size").textContent = byteCount(textBytes);
}

/** While someone types, the images wait for a pause. */
function update(pauseMs) {
	const values = readValues();
	showLines(values);
	codes.cancel();
	clearTimeout(timer);
	timer = setTimeout(() => codes.show(values), pauseMs);
}

form.addEventListener("input", () => update(PAUSE_MS));
form.addEventListener("submit", (event) => {
	event.preventDefault();
	update(0);
});
choice?.addEventListener("change", () => showLines(readValues()));
choice?.parentElement.removeAttribute("hidden");
document.querySelector("#make").hidden = true;
copyOnClick(document.querySelectorAll("[data-copies]"), (words) => {
	document.querySelector("#announcement").textContent = words;
});
race.enable();
update(0);
