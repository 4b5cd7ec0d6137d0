// The names of agents, as far as they were asked for.

const AT_ONCE = 4;
/** More are not waited for: a list that runs faster than this shows ids. */
const MOST_WAITING = 200;

export class Names {
	constructor(account) {
		this.account = account;
		this.known = new Map();
		this.waiting = new Map();
		this.running = 0;
	}

	learn(users = []) {
		users.forEach(({ id, name }) => this.known.set(String(id), name));
	}

	get(id) {
		return this.known.get(String(id));
	}

	/** Calls `show` with the name once it is known. An agent without a user has none. */
	find(id, show) {
		const key = String(id);
		if (this.known.has(key)) return show(this.known.get(key));
		const others = this.waiting.get(key);
		if (others) return others.push(show);
		if (this.waiting.size >= MOST_WAITING) return undefined;
		this.waiting.set(key, [show]);
		return this.next();
	}

	async next() {
		if (this.running >= AT_ONCE) return;
		this.running += 1;
		for (;;) {
			const [key, shows] = [...this.waiting].find(([, all]) => !all.isAsked) ?? [];
			if (!key) break;
			shows.isAsked = true;
			const user = await this.account.user(key).catch(() => null);
			this.waiting.delete(key);
			this.known.set(key, user?.name);
			shows.forEach((show) => show(user?.name));
		}
		this.running -= 1;
	}
}
