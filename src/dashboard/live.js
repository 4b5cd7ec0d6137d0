// The one stream of the page, closed while its tab is hidden.
import { parseJson } from "./api.js";

const SHORTEST_WAIT = 500;
const LONGEST_WAIT = 15_000;
/** A stream that is silent for longer than two heartbeats is dead. */
const SILENCE = 40_000;

export class Live {
	/** `on` has a function for each message, `state(word)` and `refused(problem)`. */
	constructor(on) {
		this.on = on;
		this.account = null;
		this.controller = new AbortController();
		document.addEventListener("visibilitychange", () => this.restart());
	}

	open(account) {
		this.account = account;
		this.restart();
	}

	restart() {
		this.controller.abort();
		this.controller = new AbortController();
		if (document.hidden) this.on.state("paused");
		else if (this.account) this.run(this.account, this.controller.signal);
	}

	async run(account, signal) {
		for (let wait = SHORTEST_WAIT; !signal.aborted; wait = Math.min(wait * 2, LONGEST_WAIT)) {
			this.on.state("connecting");
			const attempt = new AbortController();
			const stop = () => attempt.abort();
			let timer = setTimeout(stop, SILENCE);
			try {
				const body = await account.stream(AbortSignal.any([signal, attempt.signal]));
				for await (const message of messages(body)) {
					if (signal.aborted) return;
					clearTimeout(timer);
					timer = setTimeout(stop, SILENCE);
					// Outside `try`: an error of the page does not end the stream.
					queueMicrotask(() => this.take(message));
					wait = SHORTEST_WAIT / 2;
				}
			} catch (problem) {
				if (signal.aborted) return;
				if (problem.status >= 400 && problem.status < 500) {
					this.on.state("refused");
					this.on.refused(problem);
					return;
				}
			}
			if (signal.aborted) return;
			this.on.state("waiting");
			await pause(wait, signal);
		}
	}

	take({ event, data }) {
		if (!data) return;
		const document = parseJson(data);
		if (event === "start") this.on.state("live");
		const act = { start: "start", reset: "start", skipped: "skipped", request: "request" }[event] ?? "event";
		this.on[act](document);
	}
}

function pause(milliseconds, signal) {
	return new Promise((done) => {
		setTimeout(done, milliseconds);
		signal.addEventListener("abort", done, { once: true });
	});
}

/** The messages of server-sent events. `EventSource` cannot send a token. A comment has no data. */
async function* messages(body) {
	const reader = body.pipeThrough(new TextDecoderStream()).getReader();
	let rest = "";
	for (;;) {
		const { value, done } = await reader.read();
		if (done) return;
		const texts = (rest + value).split("\n\n");
		rest = texts.pop();
		yield* texts.map((text) => ({ event: line(text, "event"), data: line(text, "data") }));
	}
}

const line = (text, name) => text.match(new RegExp(`^${name}: ?(.*)$`, "m"))?.[1];
