// Puts the page together: one account, four views, one stream.
import { AccountBar } from "./account_bar.js";
import { change, follow, get, href, onChange } from "./address.js";
import { Account, onTokenNeeded } from "./api.js";
import { AccountClock } from "./clock.js";
import { Controls } from "./controls.js";
import { askForToken } from "./dialogs.js";
import { el, refresher, set, write } from "./dom.js";
import { Events } from "./events.js";
import { words } from "./format.js";
import { listen } from "./keyboard.js";
import { Live } from "./live.js";
import { Names } from "./names.js";
import { Requests } from "./requests.js";
import { Team } from "./team.js";

const NAMES = ["team", "requests", "events", "controls"];
const CLOCK_PAUSE = 5_000;
const notice = document.getElementById("notice");

const byId = (all, wanted) => all.find(({ id }) => String(id) === String(wanted));
const context = {
	account: null,
	document: null,
	clock: new AccountClock(),
	statuses: [],
	groups: [],
	status: (id) => byId(context.statuses, id) ?? { id, name: `Status ${id}` },
	groupName: (id) => byId(context.groups, id)?.name ?? `Group ${id}`,
	report: (problem) => notify(problem.message),
	/** What the account answers; null if it refuses, or is not shown any more. */
	async read(ask) {
		const { account } = context;
		const answer = account && (await ask(account).catch(() => null));
		return account === context.account ? answer : null;
	},
	async readStatuses() {
		context.statuses = (await context.read((account) => account.statuses())) ?? context.statuses;
	},
	moved: () => views.requests.limit.refresh(),
	showDocument(document) {
		context.document = document;
		views.controls.account.show();
	},
	showNew: () => showNew(),
	reload: () => live.restart(),
	open: () => open(),
	leave() {
		Object.assign(context, { account: null, document: null });
		live.open(null);
	},
};

const views = {
	team: new Team(context),
	requests: new Requests(context),
	events: new Events(context),
	controls: new Controls(context),
};
const bar = new AccountBar(context);
const tabs = new Map();
let pending = { events: [], requests: [] };
let [isDrawing, isStarting, starts, seen] = [false, false, 0, 0];

const shownView = () => (NAMES.includes(get("view")) ? get("view") : NAMES[0]);
const current = () => views[shownView()];

function notify(text) {
	write(notice, text);
	notice.hidden = text === "";
}

function refuse({ status, message }) {
	const text = message[0].toUpperCase() + message.slice(1);
	notify(status === 403 ? `The server refuses this page. ${text}.` : message);
}

const live = new Live({
	state: (state) => bar.showLink(state),
	refused: refuse,
	start: (last) => start(context.account, last).catch((problem) => notify(problem.message)),
	skipped({ events, requests }) {
		views.events.skip(events);
		views.requests.skip(requests);
		if (events) current().missed?.();
	},
	event: (event) => (pending.events.push(event), draw()),
	request: (request) => (pending.requests.push(request), draw()),
});

/** Reads what the views show. What the stream brings meanwhile waits. */
async function start(account, last) {
	const number = (starts += 1);
	isStarting = true;
	notify("");
	pending = { events: [], requests: [] };
	const read = [account.show(), account.clock(), account.statuses(), account.groups()];
	const [document, clock, statuses, groups] = await Promise.all(read);
	if (account !== context.account || number !== starts) return;
	Object.assign(context, { document, statuses, groups, names: new Names(account) });
	context.clock.set(clock);
	bar.showTime();
	await Promise.all([views.requests.start(last.requests), views.events.start(last.events)]);
	if (number !== starts) return;
	seen = views.requests.last;
	isStarting = false;
	show();
	draw();
}

/** Shows what came, once for each frame. */
function draw() {
	if (isDrawing) return;
	isDrawing = true;
	requestAnimationFrame(() => {
		isDrawing = false;
		if (isStarting || !context.document) return;
		const { events, requests } = pending;
		pending = { events: [], requests: [] };
		views.events.add(events);
		views.requests.add(requests);
		current().take(events, requests);
		showNew();
	});
}

/** The number of requests since the user last looked at them. */
function showNew() {
	const { last, isPaused } = views.requests;
	if (shownView() === "requests" && !isPaused) seen = last;
	const count = Math.max(0, last - seen);
	document.title = `${count ? `(${count}) ` : ""}${context.account.subdomain} · Zendesk emulator`;
	write(tabs.get("requests").lastChild, `${count || ""}`);
}

function show() {
	const view = shownView();
	// The requests of a finding are shown until the view is left.
	if (view !== "requests" && get("requests.only")) return change({ "requests.only": "" });
	for (const name of NAMES) {
		document.getElementById(name).hidden = name !== view || !context.document;
		set(tabs.get(name), { href: href({ view: name }), "aria-current": name === view ? "page" : null });
	}
	if (context.document) {
		current().show();
		showNew();
	}
	return undefined;
}

/** Opens the account of the address, or the default one. */
async function open() {
	const wanted = get("account") || bar.usual;
	if (wanted && wanted === context.account?.subdomain) return undefined;
	context.leave();
	try {
		await bar.read();
	} catch (problem) {
		// A server that starts, or does not answer, may do so soon.
		const isFinal = problem.status >= 400 && problem.status < 500;
		if (isFinal) refuse(problem);
		else setTimeout(open, 2_000);
		return bar.showLink(isFinal ? "refused" : "waiting");
	}
	context.account = new Account(get("account") || bar.usual);
	bar.show();
	return live.open(context.account);
}

for (const name of NAMES) {
	const section = el("section", { id: name, "aria-label": words(name), hidden: true }, views[name].parts);
	document.getElementById("main").append(section);
	const tab = el("a", { onclick: follow }, words(name), el("span", "count"));
	tabs.set(name, tab);
	document.getElementById("views").append(tab);
}
onTokenNeeded(askForToken);
onChange(() => {
	open();
	show();
});
listen({
	views: NAMES,
	current,
	go: (view) => change({ view }, { isStep: true }),
	back: () => current().close?.() || document.activeElement.blur(),
});
const readClock = refresher(CLOCK_PAUSE, async () => {
	const clock = await context.read((account) => account.clock());
	if (clock) context.clock.set(clock);
});
setInterval(() => {
	if (document.hidden || !context.document) return;
	readClock();
	if (shownView() === "requests") views.requests.limit.refresh();
	if (shownView() === "team") views.team.recount();
}, CLOCK_PAUSE);
show();
open();
