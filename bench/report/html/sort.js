// In the page: a click on the head of a column sorts the table by it; a third click gives the order of the report back.
(() => {
	/** "≥ 1,234x" → 1234, "−5" → -5; what has no number is not one. */
	function numberIn(text) {
		return Number.parseFloat(text.replace(/[≥,\s]/g, "").replace("−", "-"));
	}

	function compare(a, b) {
		const [x, y] = [numberIn(a), numberIn(b)];
		if (Number.isNaN(x) && Number.isNaN(y)) return a.localeCompare(b);
		if (Number.isNaN(x)) return 1;
		if (Number.isNaN(y)) return -1;
		return x - y;
	}

	const next = {
		none: "descending",
		descending: "ascending",
		ascending: "none",
	};

	function sort(table, head, bodies) {
		const order = next[head.getAttribute("aria-sort") ?? "none"];
		for (const other of table.tHead.rows[0].cells)
			other.removeAttribute("aria-sort");
		for (const { body, rows } of bodies) body.replaceChildren(...rows);
		if (order === "none") return;
		head.setAttribute("aria-sort", order);
		const sign = order === "ascending" ? 1 : -1;
		const textOf = (row) => row.cells[head.cellIndex].textContent;
		const isMissing = (row) => textOf(row).trim() === "–";
		const all = bodies.flatMap(({ rows }) => rows);
		all.sort(
			(a, b) =>
				isMissing(a) - isMissing(b) || sign * compare(textOf(a), textOf(b)),
		);
		bodies[0].body.append(...all);
	}

	for (const table of document.querySelectorAll("table.sortable")) {
		const bodies = [...table.tBodies].map((body) => ({
			body,
			rows: [...body.rows],
		}));
		for (const head of table.tHead.rows[0].cells) {
			const button = document.createElement("button");
			button.type = "button";
			button.append(...head.childNodes);
			head.append(button);
			button.addEventListener("click", () => sort(table, head, bodies));
		}
	}
})();
