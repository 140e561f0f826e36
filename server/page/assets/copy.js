const LABEL = "Copy";
const SHOWN_MS = 2000;

/** Buttons that copy what is in the element named by data-copies, and say so. */
export function copyOnClick(buttons, announce) {
	for (const button of buttons) {
		let timer;
		button.hidden = false;
		button.addEventListener("click", async () => {
			const source = document.getElementById(button.dataset.copies);
			const outcome = (await copy(source)) ? "Copied" : "Press Ctrl+C";
			button.textContent = outcome;
			announce(outcome);
			clearTimeout(timer);
			timer = setTimeout(() => {
				button.textContent = LABEL;
				announce("");
			}, SHOWN_MS);
		});
	}
}

/** Without TLS there is a clipboard on the own machine only: elsewhere the line is selected, for the keyboard. */
async function copy(source) {
	try {
		await navigator.clipboard.writeText(source.textContent);
		return true;
	} catch {
		getSelection().selectAllChildren(source);
		return false;
	}
}
