// Elements. Data enters the document as text only.

/**
 * An element with attributes (or its class alone), listeners (`onclick: function`) and children
 * (elements or text).
 */
export function el(name, attributes = {}, ...children) {
	const element = document.createElement(name);
	set(element, typeof attributes === "string" ? { class: attributes } : attributes);
	element.append(...children.flat().filter((child) => (child ?? null) !== null));
	return element;
}

/** Sets attributes. `false`, null and undefined remove one; `true` sets it without a value. */
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

/** Replaces the text, and says whether it was another. */
export function write(element, text) {
	if (element.textContent === text) return false;
	element.textContent = text;
	return true;
}

/** Shows for a moment that the value has changed. */
export function flash(element) {
	element.classList.remove("flash");
	// Two frames, so that a second change starts the animation again.
	requestAnimationFrame(() => requestAnimationFrame(() => element.classList.add("flash")));
}

export function button(text, onclick, attributes = {}) {
	return el("button", { type: "button", onclick, ...attributes }, text);
}

export const quiet = (text) => el("p", "quiet", text);

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
 * A function that runs `work` soon, and again if it was asked for in the meantime. After slow work
 * it waits longer, so that a busy server is not asked more than it can answer: up to `longest`.
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
