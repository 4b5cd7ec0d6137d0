// A request in the list, and beside it with its headers, its body and what is known of its answer.
import { ofRequest } from "./curl.js";
import { copyButton } from "./dialogs.js";
import { button, el, marked, quiet } from "./dom.js";
import { micros, pretty, words } from "./format.js";
import { cell, row, timeCell } from "./list.js";

const SIGNS_IN = "The command signs in with an API token of the account, so it does not repeat a 401.";

const facts = (pairs) =>
	el(
		"dl",
		{},
		pairs.filter(([, value]) => value).map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
	);

const part = (title, ...children) => el("section", {}, el("h3", {}, title), ...children);

export function createDetails(request, context) {
	const role = request.caller ? ` (${words(request.caller.role)})` : "";
	const headers = Object.entries(request.headers);
	const parts = [
		copyButton("Copy as curl", () => ofRequest(request, context.document)),
		request.headers.authorization ? quiet(SIGNS_IN) : "",
		el("p", "line", el("b", {}, request.method), " ", request.path),
		part(
			"Answer",
			facts([
				["Status", el("span", statusKind(request.status), request.status)],
				["Hint", request.hint && el("span", {}, marked(request.hint))],
				["Rule", request.fault],
				["Duration", micros(request.duration_us)],
				["Request id", el("code", {}, request.request_id)],
			]),
			quiet("Bodies of answers are not kept."),
		),
		part(
			"Call",
			facts([
				["Time", request.time],
				["Operation", request.operation ?? "none"],
				["Caller", callerName(request) + role],
				["Agent", request.agent],
				...Object.entries(request.query),
			]),
		),
	];
	if (request.unread.length) {
		parts.push(part("Not read", el("ul", "unread", request.unread.map((it) => el("li", {}, it)))));
	}
	parts.push(part("Headers", headers.length ? facts(headers) : quiet("None.")));
	const rest = request.body_complete ? null : quiet("The journal does not have all of it.");
	parts.push(part("Body", request.body ? el("pre", { tabindex: "0" }, pretty(request.body)) : quiet("None."), rest));
	return parts;
}

const statusKind = (status) => `code c${Math.floor(status / 100)}`;

function callerName({ caller }) {
	if (!caller) return "unknown";
	return caller.email ?? (caller.user_id === null ? "admin" : `user ${caller.user_id}`);
}

export function createRow(request, open) {
	const path = button(request.path, open, { class: "open", tabindex: "-1" });
	const query = Object.entries(request.query).map(([name, value]) =>
		el("span", "parameter", `${name}=`, el("b", {}, value)),
	);
	const unread = request.unread.map((part) => el("span", { class: "parameter unread", title: "Nothing reads it" }, part));
	const kind = request.fault ? "hint fault" : "hint";
	const hint = request.hint && el("small", kind, el("span", {}, marked(request.hint)));
	return row(
		{},
		cell("number", request.sequence),
		timeCell(request),
		cell("code", el("span", statusKind(request.status), request.status)),
		cell("method", request.method),
		cell("path", el("div", {}, path, " ", ...query, ...unread), hint),
		cell("caller", callerName(request)),
		cell("took", micros(request.duration_us)),
	);
}
