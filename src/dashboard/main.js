// Puts the page together: one account, four views, one stream.
import { AccountBar } from "./account_bar.js";
import { change, follow, get, href, onChange } from "./address.js";
import { Account, onTokenNeeded } from "./api.js";
import { AccountClock } from "./clock.js";
import { Controls } from "./controls.js";
import { askForToken } from "./dialogs.js";
import { el, refresher, set, write } from "./dom.js";
import { Events } from "./events.js";
import { listen } from "./keyboard.js";
import { Live } from "./live.js";
import { Names } from "./names.js";
import { Requests } from "./requests.js";
import { Team } from "./team.js";

const NAMES = ["team", "requests", "events", "controls"];
const CLOCK_PAUSE = 5_000;
const notice = document.getElementById("notice");

/** What the views share. */
const context = {
  account: null,
  document: null,
  clock: new AccountClock(),
  statuses: [],
  groups: [],
  status: (id) => context.statuses.find((status) => String(status.id) === String(id)) ?? { id, name: `Status ${id}` },
  groupName: (id) => context.groups.find((group) => String(group.id) === String(id))?.name ?? `Group ${id}`,
  report: (problem) => notify(problem.message),
  /** After the clock was moved by the page. */
  moved: () => views.requests.limit.refresh(),
  showDocument(document) {
    context.document = document;
    views.controls.account.show();
  },
  reload: () => live.restart(),
};

const views = {
  team: new Team(context),
  requests: new Requests(context),
  events: new Events(context),
  controls: new Controls(context),
};
const bar = new AccountBar(context);
const tabs = new Map();
let [pending, isDrawing, seen] = [{ events: [], requests: [] }, false, 0];

const shownView = () => (NAMES.includes(get("view")) ? get("view") : NAMES[0]);
const current = () => views[shownView()];

function notify(text) {
  write(notice, text);
  notice.hidden = text === "";
}

const live = new Live({
  state: (state) => bar.showLink(state),
  refused: ({ status, message }) => notify(status === 403 ? `The server refuses this page: ${message}.` : message),
  start: (last) => start(context.account, last).catch((problem) => notify(problem.message)),
  skipped({ events, requests }) {
    views.events.skipped += events;
    views.requests.skipped += requests;
    draw();
  },
  event: (event) => (pending.events.push(event), draw()),
  request: (request) => (pending.requests.push(request), draw()),
});

/** Reads everything that the views show. The stream then brings what happens after that. */
async function start(account, last) {
  notify("");
  pending = { events: [], requests: [] };
  const read = [account.show(), account.clock(), account.statuses(), account.groups()];
  const [document, clock, statuses, groups] = await Promise.all(read);
  if (account !== context.account) return;
  Object.assign(context, { document, statuses, groups, names: new Names(account) });
  context.clock.set(clock);
  bar.showTime();
  await Promise.all([views.requests.start(last.requests), views.events.start(last.events)]);
  seen = views.requests.last;
  show();
}

/** Shows what came, with the next frame: many messages are one change of the page. */
function draw() {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    const { events, requests } = pending;
    pending = { events: [], requests: [] };
    if (!context.document) return;
    events.forEach((event) => (views.team.event(event), views.controls.event(event)));
    views.events.add(events);
    views.requests.add(requests);
    if (requests.length) {
      views.requests.limit.refresh();
      views.requests.report.refresh();
      views.controls.requests();
    }
    const view = shownView();
    if (view === "requests" || view === "events") views[view].show();
    showNew();
  });
}

/** The number of requests since the user last looked at them. */
function showNew() {
  const { last, isPaused } = views.requests;
  if (shownView() === "requests" && !isPaused) seen = last;
  const count = Math.max(0, last - seen);
  document.title = `${count ? `(${count}) ` : ""}${context.account.subdomain} · Zendesk emulator`;
  write(tabs.get("requests").lastChild, count ? String(count) : "");
}

function show() {
  const view = shownView();
  for (const name of NAMES) {
    document.getElementById(name).hidden = name !== view;
    set(tabs.get(name), { href: href({ view: name }), "aria-current": name === view ? "page" : null });
  }
  if (!context.document) return;
  current().show();
  showNew();
}

/** Opens the account of the address, or the default one. */
async function open() {
  const accounts = await bar.read();
  const subdomain = get("account") || accounts.find((account) => account.default)?.subdomain;
  if (!subdomain) return void setTimeout(open, 2_000);
  if (subdomain === context.account?.subdomain) return undefined;
  Object.assign(context, { account: new Account(subdomain), document: null });
  bar.show();
  return live.open(context.account);
}

for (const name of NAMES) {
  document.getElementById(name).append(...views[name].parts);
  const tab = el("a", { onclick: follow }, `${name[0].toUpperCase()}${name.slice(1)}`, el("span", { class: "count" }));
  tabs.set(name, tab);
  document.getElementById("views").append(tab);
}
onTokenNeeded(askForToken);
onChange(() => {
  show();
  const wanted = get("account");
  if (wanted !== context.account?.subdomain) open();
});
listen({
  views: NAMES,
  current,
  go: (view) => change({ view }, { isStep: true }),
  back: () => current().close?.() || document.activeElement.blur(),
});
const readClock = refresher(CLOCK_PAUSE, async () => {
  const { account } = context;
  const clock = await account.clock().catch(() => null);
  if (clock && account === context.account) context.clock.set(clock);
});
setInterval(() => {
  if (document.hidden || !context.document) return;
  readClock();
  views.requests.limit.refresh();
}, CLOCK_PAUSE);
show();
open();
