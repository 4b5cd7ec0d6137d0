// How values are written.

const whole = new Intl.NumberFormat("en");

export const number = (value) => whole.format(value);

/** A count and its noun: `1 agent`, `2 agents`. */
export const counted = (count, noun) => `${number(count)} ${noun}${count === 1 ? "" : "s"}`;

/** The time of day, in UTC as in answers. */
export function timeOfDay(time, { millis } = {}) {
	const at = new Date(time);
	if (Number.isNaN(at.getTime())) return String(time);
	return at.toISOString().slice(11, millis ? 23 : 19);
}

export function ago(time, now) {
	const seconds = Math.floor((now - Date.parse(time)) / 1000);
	return Number.isNaN(seconds) ? "" : span(Math.max(0, seconds));
}

export function span(seconds) {
	if (seconds < 60) return `${seconds} s`;
	const minutes = Math.floor(seconds / 60);
	if (minutes < 60) return `${minutes} min`;
	const hours = Math.floor(minutes / 60);
	if (hours < 24) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
	const days = Math.floor(hours / 24);
	return days < 3 && hours % 24 ? `${days} d ${hours % 24} h` : `${number(days)} d`;
}

export function micros(value) {
	if (value < 1_000) return `${value} µs`;
	if (value < 1_000_000) return `${(value / 1_000).toFixed(1)} ms`;
	return `${(value / 1_000_000).toFixed(2)} s`;
}

/** A constant as words: `AGENT_LOGOUT` is `Agent logout`. */
export function words(constant) {
	const text = constant.replaceAll("_", " ").toLowerCase();
	return text.replace(/\b(api|wfm)\b|^./g, (part) => part.toUpperCase());
}

/** The name of a unified status: standard ones have names like `transfers_only`. */
export const statusName = ({ standard, id, name }) => (standard || id <= 5 ? words(name) : name);

export function pretty(text) {
	try {
		return JSON.stringify(JSON.parse(text), null, 2);
	} catch {
		return text;
	}
}
