// Says on a stream what the kit is doing: a status line with the time left on a terminal, plain lines elsewhere.

const redrawMs = 500;
const clearLine = "\r\x1b[2K";

function formatTime(seconds) {
	const whole = Math.max(0, Math.round(seconds));
	if (whole < 60) return `${whole} s`;
	return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

/** `expectedSeconds`: phase → how long one of its steps may take, until some have shown how long it does take. */
export function createProgress(stream, expectedSeconds) {
	const plan = new Map(
		Object.entries(expectedSeconds).map(([phase, seconds]) => [
			phase,
			{ left: 0, expectedSeconds: seconds, done: 0, spentSeconds: 0 },
		]),
	);
	let step = null;

	const secondsLeft = () => {
		let sum = 0;
		for (const { left, expectedSeconds, done, spentSeconds } of plan.values())
			sum += left * (done ? spentSeconds / done : expectedSeconds);
		const spent = step ? (performance.now() - step.startMs) / 1000 : 0;
		return Math.max(0, sum - spent);
	};
	const draw = () => {
		if (!step) return;
		const line = `${step.text} · ${formatTime(secondsLeft())} left`;
		stream.write(clearLine + line.slice(0, (stream.columns || 80) - 1));
	};
	const timer = stream.isTTY ? setInterval(draw, redrawMs).unref() : null;
	const note = (text) => {
		stream.write(`${stream.isTTY ? clearLine : ""}${text}\n`);
		if (stream.isTTY) draw();
	};

	return {
		/** A line of its own, everywhere. */
		note,
		/** A line of its own where there is no status line. */
		milestone(text) {
			if (!stream.isTTY) note(`${text} · ${formatTime(secondsLeft())} left`);
		},
		/** So many steps of this phase are still to come. */
		expect(phase, left) {
			plan.get(phase).left = left;
		},
		begin(phase, text) {
			step = { phase: plan.get(phase), text, startMs: performance.now() };
			if (stream.isTTY) draw();
		},
		/** The same step now does something else. */
		say(text) {
			step.text = text;
			if (stream.isTTY) draw();
		},
		end() {
			step.phase.left -= 1;
			step.phase.done += 1;
			step.phase.spentSeconds += (performance.now() - step.startMs) / 1000;
			step = null;
		},
		close() {
			clearInterval(timer);
			step = null;
			if (stream.isTTY) stream.write(clearLine);
		},
	};
}
