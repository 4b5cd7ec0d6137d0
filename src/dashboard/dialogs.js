// Questions to the user, and what is copied.
import { button, el, field, write } from "./dom.js";

/**
 * Asks. `fields` are triples of name, label and control; the answer has their values by name, or is
 * null if the user does not want it.
 */
export function ask({ title, text, fields = [], yes = "OK", isDanger = false }) {
	return new Promise((done) => {
		const controls = fields.map(([, label, control]) => field(label, control));
		const read = () => Object.fromEntries(fields.map(([name, , control]) => [name, control.value.trim()]));
		const finish = (answer) => {
			dialog.close();
			dialog.remove();
			done(answer);
		};
		const submit = (event) => {
			event.preventDefault();
			finish(read());
		};
		const heading = el("h2", { id: "question" }, title);
		const buttons = el(
			"div",
			"row end",
			button("Cancel", () => finish(null)),
			el("button", { type: "submit", class: isDanger ? "danger" : "main" }, yes),
		);
		const form = el("form", { onsubmit: submit }, heading, text ? el("p", {}, text) : null, ...controls, buttons);
		const cancel = (event) => {
			event.preventDefault();
			finish(null);
		};
		const dialog = el("dialog", { "aria-labelledby": "question", oncancel: cancel }, form);
		document.body.append(dialog);
		dialog.showModal();
		fields[0]?.[2].focus();
	});
}

export function confirmed(title, text, yes) {
	return ask({ title, text, yes, isDanger: true }).then((answer) => answer !== null);
}

export async function askForToken(wasWrong) {
	const control = el("input", { type: "password", autocomplete: "off", required: true });
	const text = wasWrong
		? "The token is not the one that the server was started with."
		: "The server was started with --control-token. The token is kept until this tab is closed.";
	const answer = await ask({ title: "Control token", text, fields: [["token", "Token", control]], yes: "Use it" });
	return answer?.token || null;
}

/** A button that copies a text, and says so. Pages without HTTPS beyond this machine cannot copy. */
export function copyButton(label, text) {
	const copy = async () => {
		const isCopied = await navigator.clipboard?.writeText(text()).then(() => true, () => false);
		if (!isCopied) return show(text());
		write(it, "Copied");
		return setTimeout(() => write(it, label), 1_200);
	};
	const it = button(label, copy, { class: "plain" });
	return it;
}

function show(text) {
	const area = el("textarea", { rows: "6", readonly: true });
	area.value = text;
	ask({ title: "Copy this", fields: [["text", "Text", area]], yes: "Done" });
	area.select();
}
