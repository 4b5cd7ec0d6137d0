// Server-sent events from a response. `EventSource` cannot send a token.

/** Yields the messages of a body: their event and data. A comment is a message without data. */
export async function* messages(body) {
	const reader = body.pipeThrough(new TextDecoderStream()).getReader();
	let rest = "";
	for (;;) {
		const { value, done } = await reader.read();
		if (done) return;
		const lines = (rest + value).split("\n\n");
		rest = lines.pop();
		yield* lines.map(parse);
	}
}

function parse(text) {
	const message = { event: "message", data: "" };
	const data = [];
	for (const line of text.split("\n")) {
		const colon = line.indexOf(":");
		const [name, value] = colon < 0 ? [line, ""] : [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
		if (name === "event") message.event = value;
		if (name === "data") data.push(value);
	}
	message.data = data.join("\n");
	return message;
}
