// What a tester can do to the account. Each control shows the call that it makes.
import { AccountControls } from "./account_controls.js";
import { AgentControls } from "./agent_controls.js";
import { CallLog } from "./call_log.js";
import { ClockControls } from "./clock_controls.js";
import { el } from "./dom.js";
import { agentOf } from "./event_text.js";
import { FaultControls } from "./fault_controls.js";

export class Controls {
	constructor(context) {
		this.log = new CallLog();
		this.agent = new AgentControls(context, this.log);
		this.faults = new FaultControls(context, this.log);
		this.clock = new ClockControls(context, this.log);
		this.account = new AccountControls(context, this.log);
		this.search = this.agent.input;
		const left = el("div", {}, this.agent.element, this.account.element);
		const right = el("div", {}, this.faults.element, this.clock.element);
		this.parts = [el("div", "beside", el("div", "cards", left, right), this.log.element)];
	}

	show() {
		this.agent.shown = null;
		this.agent.refresh();
		this.faults.refresh();
		this.clock.show();
		this.account.read();
	}

	take(events, requests) {
		if (events.some((event) => agentOf(event) === this.agent.id)) this.agent.refresh();
		// An event of the account, and not of an agent, is about routing.
		if (events.some((event) => agentOf(event) === null)) this.account.read();
		if (requests.length && this.faults.rules.length) this.faults.refresh();
	}

	missed() {
		this.agent.refresh();
		this.account.read();
	}

	move() {}
}
