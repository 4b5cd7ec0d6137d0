// The names of agents, as far as they were asked for.

/** If more agents wait for their names, their ids are shown. */
const MOST_WAITING = 200;

export class Names {
	constructor(account) {
		this.account = account;
		this.known = new Map();
		this.waiting = new Map();
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
		if (this.isReading) return;
		this.isReading = true;
		for (const [key, shows] of this.waiting) {
			if (!this.known.has(key)) await this.read(key);
			this.waiting.delete(key);
			shows.forEach((show) => show(this.get(key)));
		}
		this.isReading = false;
	}

	/** Reads the names of a hundred agents, this one first. An agent may have no user. */
	async read(key) {
		const query = { after: BigInt(key) - 1n || "", limit: 100 };
		const { agents = [], users } = await this.account.agents(query).catch(() => ({}));
		[{ id: key }, ...agents].forEach(({ id }) => this.known.set(String(id)));
		this.learn(users);
	}
}
