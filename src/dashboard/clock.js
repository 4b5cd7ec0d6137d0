// The account's clock, between two readings of it.

export class AccountClock {
	set({ mode, now, factor }) {
		this.mode = mode;
		this.speed = { frozen: 0, scaled: factor }[mode] ?? 1;
		this.at = Date.parse(now);
		this.read = performance.now();
	}

	/** The present of the account in milliseconds, or null before the first reading. */
	now() {
		if (this.read === undefined || Number.isNaN(this.at)) return null;
		return this.at + (performance.now() - this.read) * this.speed;
	}

	/** How the clock differs from the machine's, in a word, or nothing. */
	get difference() {
		return { frozen: "frozen", scaled: `${this.speed}×`, offset: "offset" }[this.mode] ?? "";
	}
}
