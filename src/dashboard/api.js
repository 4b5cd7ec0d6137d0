// The control API: the only thing that the page calls.

const ROOT = "/_emulator";
export const TOKEN = "control-token";
const SOURCE = "dashboard";

/** A refused call, or one without an answer (status 0). */
export class Refused extends Error {
	constructor(status, refusal) {
		const problems = (refusal.problems ?? []).map(({ path, message }) => `${path}: ${message}`);
		super([refusal.description, ...problems].join("\n"));
		this.status = status;
	}
}

let askForToken = () => null;

export function onTokenNeeded(ask) {
	askForToken = ask;
}

/** One question for all calls. */
let question = null;

async function renewedToken(refused) {
	if (sessionStorage.getItem(TOKEN) !== refused) return true;
	question ??= askForToken(refused !== null).finally(() => (question = null));
	const token = await question;
	if (token) sessionStorage.setItem(TOKEN, token);
	return Boolean(token);
}

async function send(method, path, { body, signal, accept = "application/json" }) {
	const token = sessionStorage.getItem(TOKEN);
	const headers = { accept, "x-emulator-source": SOURCE };
	if (token) headers.authorization = `Bearer ${token}`;
	if (body !== undefined) headers["content-type"] = "application/json";
	let response;
	try {
		response = await fetch(ROOT + path, { method, headers, body, signal, cache: "no-store" });
	} catch (problem) {
		if (signal?.aborted) throw problem;
		throw new Refused(0, { description: "The server does not answer." });
	}
	if (response.status === 401 && (await renewedToken(token))) {
		return send(method, path, { body, signal, accept });
	}
	if (!response.ok) throw await refusal(response);
	return response;
}

async function refusal(response) {
	const said = await response.json().catch(() => ({}));
	said.description ??= `The server answered ${response.status}.`;
	return new Refused(response.status, said);
}

/** JSON whose whole numbers are exact: ids can be longer than JavaScript's numbers. */
export function parseJson(text) {
	if (!/\d{16}/.test(text)) return JSON.parse(text);
	return JSON.parse(text, (_, value, context) =>
		typeof value === "number" && Math.abs(value) > Number.MAX_SAFE_INTEGER && /^-?\d+$/.test(context?.source ?? "")
			? context.source
			: value,
	);
}

/** The document of the answer, or null. `body` is JSON text. */
export async function call(method, path, body) {
	const response = await send(method, path, { body });
	const text = await response.text();
	return text ? parseJson(text) : null;
}

export const listAccounts = () => call("GET", "/accounts").then(({ accounts }) => accounts);

export function accountPath(subdomain, rest = "") {
	return `/accounts/${encodeURIComponent(subdomain)}${rest}`;
}

function withQuery(path, values) {
	const given = Object.entries(values).filter(([, value]) => (value ?? "") !== "");
	return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}

export class Account {
	constructor(subdomain) {
		this.subdomain = subdomain;
	}

	path(rest = "", query = {}) {
		return withQuery(accountPath(this.subdomain, rest), query);
	}

	read(rest, query) {
		return call("GET", this.path(rest, query));
	}

	show = () => this.read();
	clock = () => this.read("/clock");
	limit = () => this.read("/rate_limit");
	report = () => this.read("/report");
	faults = () => this.read("/faults").then(({ faults }) => faults);
	groups = () => this.read("/groups").then(({ groups }) => groups);
	statuses = () => this.read("/agent_statuses").then((answer) => answer.agent_statuses);
	agent = (id) => this.read(`/agents/${id}`);
	agents = (query) => this.read("/agents", { include: "users", ...query });
	counts = (query) => this.read("/agents/counts", query);
	requests = (query) => this.read("/requests", query);
	events = (query) => this.read("/events", query);

	/** Events and requests of the account, from now on. */
	async stream(signal) {
		const response = await send("GET", this.path("/stream"), { signal, accept: "text/event-stream" });
		return response.body;
	}
}
