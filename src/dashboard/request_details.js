// A request with its headers and body, and what is known of its answer, beside the list.
import { ofRequest } from "./curl.js";
import { copyButton } from "./dialogs.js";
import { el, quiet } from "./dom.js";
import { micros, pretty, words } from "./format.js";
import { callerName, statusKind } from "./request_row.js";

const facts = (pairs) =>
	el(
		"dl",
		{},
		pairs.filter(([, value]) => value).map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
	);

const part = (title, ...children) => el("section", {}, el("h3", {}, title), ...children);

/** The parts of the panel: its buttons first. */
export function createDetails(request, context) {
	const role = request.caller ? ` (${words(request.caller.role)})` : "";
	const headers = Object.entries(request.headers);
	const parts = [
		copyButton("Copy as curl", () => ofRequest(request, context.document)),
		el("p", "line", el("b", {}, request.method), " ", request.path),
		part(
			"Answer",
			facts([
				["Status", el("span", statusKind(request.status), request.status)],
				["Hint", request.hint],
				["Fault", request.fault],
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
