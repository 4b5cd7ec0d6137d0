// What the page shows is in its address, so that a view can be shared: account, view and filters.

const listeners = [];

export function get(name) {
	return new URLSearchParams(location.search).get(name) ?? "";
}

/** The address with some parameters changed. An empty value removes one. */
export function href(changes) {
	const all = new URLSearchParams(location.search);
	for (const [name, value] of Object.entries(changes)) {
		if ((value ?? "") === "") all.delete(name);
		else all.set(name, value);
	}
	const query = all.toString();
	return query ? `${location.pathname}?${query}` : location.pathname;
}

/** Changes parameters. A step gets an entry in the history. */
export function change(changes, { isStep = false } = {}) {
	const target = href(changes);
	if (target === location.pathname + location.search) return;
	history[isStep ? "pushState" : "replaceState"](null, "", target);
	listeners.forEach((listener) => listener());
}

export function onChange(listener) {
	listeners.push(listener);
}

addEventListener("popstate", () => listeners.forEach((listener) => listener()));

/** Filters are parameters with the name of their view before them, such as `team.text`. */
export function filters(view) {
	const start = `${view}.`;
	const own = [...new URLSearchParams(location.search)].filter(([name]) => name.startsWith(start));
	return Object.fromEntries(own.map(([name, value]) => [name.slice(start.length), value]));
}

export function filter(view, changes, options) {
	change(named(view, changes), options);
}

export function named(view, changes) {
	return Object.fromEntries(Object.entries(changes).map(([name, value]) => [`${view}.${name}`, value]));
}

/** A link within the page, which does not load it again. */
export function follow(event) {
	if (event.ctrlKey || event.metaKey || event.shiftKey || event.button > 0) return;
	event.preventDefault();
	const target = event.currentTarget.getAttribute("href");
	history.pushState(null, "", target);
	listeners.forEach((listener) => listener());
}
