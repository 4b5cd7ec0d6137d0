// Calls as commands for a shell.

/** A word in quotes, if a shell would take it apart. */
function quoted(text) {
	return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

const written = (parts) => parts.map(quoted).join(" ");

/** A control call. The token stays a variable of the shell. */
export function ofControlCall({ method, path, body }) {
	const parts = ["curl"];
	if (method !== "GET") parts.push("-X", method);
	if (body !== undefined) parts.push("-H", "Content-Type: application/json", "-d", body);
	const token = sessionStorage.getItem("control-token") ? ' -H "Authorization: Bearer $EMULATOR_CONTROL_TOKEN"' : "";
	return `${written(parts)}${token} ${quoted(`${location.origin}/_emulator${path}`)}`;
}

/** Headers that curl writes itself, or that belong to one connection. */
const LEFT_OUT = new Set(["host", "content-length", "connection", "accept-encoding", "user-agent", "transfer-encoding"]);

/**
 * A request of the journal, for the account that got it. The journal has no secrets; a caller who
 * is known by an e-mail address signs in with an API token of the account.
 */
export function ofRequest(request, account) {
	const parts = ["curl"];
	if (request.method === "HEAD") parts.push("-I");
	else if (request.method !== "GET") parts.push("-X", request.method);
	const token = account.credentials?.api_token;
	const email = request.caller?.email;
	for (const [name, value] of Object.entries(request.headers)) {
		if (name === "authorization" && token && email) parts.push("-u", `${email}/token:${token}`);
		else if (!LEFT_OUT.has(name)) parts.push("-H", `${name}: ${value}`);
	}
	if (request.body) parts.push("--data-binary", request.body);
	const query = new URLSearchParams(request.query).toString();
	parts.push(account.urls.path + request.path + (query && `?${query}`));
	return written(parts);
}
