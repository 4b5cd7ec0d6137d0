// Elements. Data enters the document as text only.

/** An element with attributes (or its class), listeners (`onclick: function`) and children. */
export function el(name, attributes = {}, ...children) {
	const element = document.createElement(name);
	set(element, typeof attributes === "string" ? { class: attributes } : attributes);
	element.append(...children.flat().filter((child) => (child ?? null) !== null));
	return element;
}

/** Sets attributes. `false` and null remove one; `true` sets it without a value. */
export function set(element, attributes) {
	for (const [name, value] of Object.entries(attributes)) {
		if (typeof value === "function") {
			element.addEventListener(name.slice(2), value);
		} else if ((value ?? false) === false) {
			element.removeAttribute(name);
		} else {
			element.setAttribute(name, value === true ? "" : value);
		}
	}
	return element;
}

/** Whether the text was another. */
export function write(element, text) {
	if (element.textContent === text) return false;
	element.textContent = text;
	return true;
}

export function flash(element) {
	element.classList.remove("flash");
	// Two frames, so that a second change starts the animation again.
	requestAnimationFrame(() => requestAnimationFrame(() => element.classList.add("flash")));
}

export function button(text, onclick, attributes = {}) {
	return el("button", { type: "button", onclick, ...attributes }, text);
}

/** Text with what is in backticks as code. */
export const marked = (text) => text.split("`").map((part, place) => (place % 2 ? el("code", {}, part) : part));

export const quiet = (text) => el("p", "quiet", text);

/** A form whose answer is for `act`. */
export function form(kind, act, ...children) {
	return el("form", { class: kind, onsubmit: (event) => (event.preventDefault(), act()) }, ...children);
}

export function searchField(act, placeholder = "Name, e-mail or id", label = placeholder) {
	return el("input", { type: "search", placeholder, "aria-label": label, oninput: debounce(150, act) });
}

export const card = (title, ...children) => el("section", "card", el("h2", {}, title), ...children);

export function field(label, control, attributes = {}) {
	return el("label", { class: "field", ...attributes }, el("span", {}, label), control);
}

/** Fills a select with pairs of value and text, and keeps what is selected. */
export function options(select, pairs, chosen = select.value) {
	const wanted = pairs.map(([value, text]) => `${value}\n${text}`).join("\n\n");
	if (select.dataset.options !== wanted) {
		select.dataset.options = wanted;
		select.replaceChildren(...pairs.map(([value, text]) => el("option", { value }, text)));
	}
	select.value = chosen;
	if (select.selectedIndex < 0 && pairs.length > 0) select.selectedIndex = 0;
	return select;
}

export function debounce(milliseconds, act) {
	let timer;
	return (...given) => {
		clearTimeout(timer);
		timer = setTimeout(() => act(...given), milliseconds);
	};
}

/**
 * A function that runs `work` soon, and again if asked meanwhile. After slow work it waits longer,
 * up to `longest`, so that a busy server is not asked too much.
 */
export function refresher(pause, work, longest = Infinity) {
	let [isAsked, isRunning] = [false, false];
	return async () => {
		isAsked = true;
		if (isRunning) return;
		isRunning = true;
		while (isAsked) {
			isAsked = false;
			const began = performance.now();
			await work();
			const took = performance.now() - began;
			await new Promise((done) => setTimeout(done, Math.min(Math.max(pause, took * 5), longest)));
		}
		isRunning = false;
	};
}
