// Calls as commands for a shell.
import { TOKEN } from "./api.js";

/** A word, in quotes if a shell needs them. */
function quoted(text) {
	return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

const written = (parts) => parts.map(quoted).join(" ");

/** A control call. The token stays a variable of the shell. */
export function ofControlCall({ method, path, body }) {
	const parts = ["curl"];
	if (method !== "GET") parts.push("-X", method);
	if (body !== undefined) parts.push("-H", "Content-Type: application/json", "-d", body);
	const token = sessionStorage.getItem(TOKEN) ? ' -H "Authorization: Bearer $EMULATOR_CONTROL_TOKEN"' : "";
	return `${written(parts)}${token} ${quoted(`${location.origin}/_emulator${path}`)}`;
}

/** Headers that curl writes itself, or that belong to one connection. */
const LEFT_OUT = new Set(["host", "content-length", "connection", "accept-encoding", "user-agent", "transfer-encoding"]);

/** A request of the journal. It has no secrets: an API token stands for them. */
export function ofRequest(request, account) {
	const parts = ["curl"];
	if (request.method === "HEAD") parts.push("-I");
	else if (request.method !== "GET") parts.push("-X", request.method);
	const { credentials, logins } = account;
	const { email, api_token: token } = logins?.[request.caller?.role] ?? credentials ?? {};
	for (const [name, value] of Object.entries(request.headers)) {
		if (name === "authorization" && token) parts.push("-u", `${request.caller?.email ?? email}/token:${token}`);
		else if (!LEFT_OUT.has(name)) parts.push("-H", `${name}: ${value}`);
	}
	if (request.body) parts.push("--data-binary", request.body);
	const query = new URLSearchParams(request.query).toString();
	parts.push(account.urls.path + request.path + (query && `?${query}`));
	return written(parts);
}
