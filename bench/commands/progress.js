// Says on a stream what the kit is doing: a block of lines with the time left and who is ahead on a terminal, plain lines elsewhere.

import { drawBar } from "../report/bar.js";
import { hasColours, makeStyle } from "../report/colours.js";
import { withPlainText } from "../report/plain.js";
import { createLiveBlock } from "./live-block.js";

const redrawMs = 1000;
const barColumns = { fewest: 6, most: 30 };
/** Of "100 % · 10 min 00 s left" and the gap. */
const timeColumns = 28;
/** Of the terminal, beside the standings: what is done, how far it is, an empty one and the cursor's. */
const otherRows = 4;

function formatTime(seconds) {
	const whole = Math.max(0, Math.round(seconds));
	if (whole < 60) return `${whole} s`;
	return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

/** What there is to do and how long it takes. */
function createPlan(expectedSeconds) {
	/** @type {Map<string, any>} */
	const phases = new Map(
		Object.entries(expectedSeconds).map(([name, seconds]) => [
			name,
			{ left: 0, expectedSeconds: seconds, doneSeconds: 0, spentSeconds: 0 },
		]),
	);
	/** @type {{ phase: any, startMs: number } | null} */
	let step = null;
	const stepSeconds = () =>
		step ? (performance.now() - step.startMs) / 1000 : 0;
	return {
		expect(name, left, secondsEach) {
			const phase = phases.get(name);
			phase.left = left;
			phase.expectedSeconds = secondsEach ?? phase.expectedSeconds;
		},
		begin(name) {
			step = { phase: phases.get(name), startMs: performance.now() };
		},
		end() {
			const { phase } = step ?? {};
			phase.left -= 1;
			phase.doneSeconds += phase.expectedSeconds;
			phase.spentSeconds += stepSeconds();
			step = null;
		},
		/** { spent, left }: in seconds */
		times() {
			let [spent, left] = [stepSeconds(), -stepSeconds()];
			for (const phase of phases.values()) {
				const { doneSeconds, spentSeconds, expectedSeconds } = phase;
				const slowness = doneSeconds ? spentSeconds / doneSeconds : 1;
				left += phase.left * expectedSeconds * slowness;
				spent += spentSeconds;
			}
			return { spent, left: Math.max(0, left) };
		},
	};
}

function describeTimes({ spent, left }, columns, style) {
	const share = spent / (spent + left) || 0;
	const { fewest, most } = barColumns;
	const length = Math.min(most, Math.max(fewest, columns - timeColumns));
	const bar = drawBar(share, length);
	const rest = "░".repeat(length - bar.length);
	const text = `${Math.floor(100 * share)} % · ${formatTime(left)} left`;
	return `${style("green", bar)}${style("dim", rest)}  ${text}`;
}

/**
 * `expectedSeconds`: phase → how long one of its steps may take, until some have shown how long it does take. `drawStandings`:
 * { columns, rows, style } → lines that say who is ahead, asked for after each step.
 * @type {(stream: NodeJS.WriteStream, expectedSeconds: Record<string, number>, look?: { drawStandings?: (space: Kit.Space) => string[], colours?: boolean, term?: string }) => Kit.Progress}
 */
export function createProgress(
	stream,
	expectedSeconds,
	{
		drawStandings = () => [],
		colours = hasColours(stream),
		term = process.env.TERM,
	} = {},
) {
	// Some pseudo-terminals have no size.
	const isLive = stream.isTTY && stream.columns > 0 && term !== "dumb";
	const plan = createPlan(expectedSeconds);
	const style = makeStyle(colours);
	/** @type {string | null} */
	let doing = null;
	/** @type {{ of: string | null, lines: string[] }} */
	let standings = { of: null, lines: [] };

	const standingsFor = ({ columns, rows }) => {
		const of = `${columns} ${rows}`;
		const size = { columns: columns - 1, rows: Math.max(0, rows - otherRows) };
		if (standings.of !== of)
			standings = { of, lines: drawStandings({ ...size, style }) };
		return standings.lines.length ? ["", ...standings.lines] : [];
	};
	const drawLines = (size) => [
		...(doing ? [style("bold", doing)] : []),
		describeTimes(plan.times(), size.columns, style),
		...standingsFor(size),
	];
	const block = isLive ? createLiveBlock(stream, drawLines) : null;
	const timer = block ? setInterval(block.draw, redrawMs).unref() : null;
	const write = (text) => {
		const line = withPlainText(text);
		if (block) block.write(line);
		else stream.write(`${line}\n`);
	};
	const say = (text) => {
		doing = withPlainText(text);
		block?.draw();
	};

	return {
		/** A line of its own, everywhere. */
		note: write,
		/** A line of its own where there is no block. */
		milestone(text) {
			if (!block) write(`${text} · ${formatTime(plan.times().left)} left`);
		},
		/** So many steps of this phase are still to come, of so many seconds each; those done show by how much that is wrong. */
		expect: plan.expect,
		begin(phase, text) {
			plan.begin(phase);
			say(text);
		},
		/** The same step now does something else. */
		say,
		end() {
			plan.end();
			standings.of = null;
		},
		close() {
			clearInterval(timer ?? undefined);
			block?.close();
		},
	};
}
