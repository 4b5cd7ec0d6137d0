// Keyboard shortcuts, except in fields and with Ctrl, Alt or Meta.

export function listen({ views, current, go, back }) {
	addEventListener("keydown", (event) => {
		if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
		const isInField = event.target.matches?.("input, select, textarea");
		if (event.key === "Escape") {
			if (isInField) event.target.blur();
			else back();
			return;
		}
		if (isInField) return;
		const view = views[Number(event.key) - 1];
		if (view) go(view);
		else if (event.key === "/") current().search?.focus();
		else if (event.key === "j") current().move(1);
		else if (event.key === "k") current().move(-1);
		else return;
		event.preventDefault();
	});
}
