// Questions to the user, and what is copied.
import { button, el, field, form, write } from "./dom.js";

/** `fields` are triples of name, label and control. The answer has values by name, or is null. */
export function ask({ title, text, fields = [], yes = "OK", isDanger = false }) {
	return new Promise((done) => {
		const controls = fields.map(([, label, control]) => field(label, control));
		const submit = () => finish(Object.fromEntries(fields.map(([name, , control]) => [name, control.value.trim()])));
		const finish = (answer) => {
			dialog.close();
			dialog.remove();
			done(answer);
		};
		const heading = el("h2", { id: "question" }, title);
		const buttons = el("div", "row end",
			button("Cancel", () => finish(null)),
			el("button", { type: "submit", class: isDanger ? "danger" : "main" }, yes),
		);
		const content = form("", submit, heading, text && el("p", {}, text), ...controls, buttons);
		const cancel = (event) => (event.preventDefault(), finish(null));
		const dialog = el("dialog", { "aria-labelledby": "question", oncancel: cancel }, content);
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
	const answer = await ask({ title: "Control token", text, fields: [["token", "Token", control]], yes: "Sign in" });
	return answer?.token || null;
}

/** Copies a text. Pages without HTTPS beyond this machine cannot. */
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
