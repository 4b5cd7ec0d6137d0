"""The view Controls: each control does what its call says, shows the call, and its events have the page as their source."""

import contextlib
import http.client
import json
import pathlib
import shlex
import subprocess
import time

from page import Wrong, expect, short

AGENT = "/agents/10011"
WORK = "//div[@class='work']"
# Each preset, a call that it hits, and what the client gets: a status, or how the connection fails.
PRESETS = {
    "unavailable-retry-after": ("/10011", 503),
    "rate-limit-text-body": ("/10011", 429),
    "rate-limit-json-body": ("/10011", 429),
    "edge-rate-limit": ("/10011", 429),
    "html-error-page": ("/10011", 502),
    "truncated-json": ("/10011", "broken"),
    "reset-mid-body": ("/10011", "broken"),
    "slow-first-byte": ("/10011", "slow"),
    "expired-cursor": ("?page%5Bafter%5D=MTA%3D&page%5Bsize%5D=2", 400),
    "stuck-cursor": ("?page%5Bsize%5D=2", 200),
    "missing-cursor": ("?page%5Bsize%5D=2", 200),
}


def met(account, path):
    """What a client gets from a call."""
    began = time.monotonic()
    try:
        status, _, _ = account.call("GET", path)
    except (http.client.HTTPException, OSError):
        return "broken"
    return "slow" if time.monotonic() - began > 1.9 else status


class Controls:
    """A user of the controls of an account."""

    def __init__(self, page, account):
        self.page, self.account = page, account

    @contextlib.contextmanager
    def makes(self, method, rest, body=None, result="done"):
        """The block makes the page send this call. The page shows the call and its result."""
        self.page.js("document.querySelectorAll('.calls > li').forEach((it) => (it.dataset.old = 1))")
        after = self.account.events()[-1:] or [{"sequence": 0}]
        self.after = after[0]["sequence"]
        yield
        script = """
            const call = document.querySelector(".calls > li:not([data-old])");
            const text = (selector) => call.querySelector(selector)?.textContent ?? "";
            return call && [text(".line"), text("pre"), text(".verdict"), text(".problem")];
        """
        line, text, verdict, self.problem = self.page.wait(lambda: self.page.js(script), bool)
        expect(line, f"{method} /_emulator/accounts{rest}", "the call that is shown")
        if body is not None:
            expect(json.loads(text), body, "the body that is shown")
        expect(verdict, result, f"the result ({self.problem})")

    def agent(self, method, rest, body=None, **options):
        return self.makes(method, f"/{self.account.subdomain}{AGENT}{rest}", body, **options)

    def whole(self, method, rest, body=None, **options):
        return self.makes(method, f"/{self.account.subdomain}{rest}", body, **options)

    def has_events(self):
        """The control has caused events, and all have the page as their source."""
        events = self.account.events(self.after)
        if not events or {event.get("source") for event in events} != {"dashboard"}:
            raise Wrong(f"the events {short(events)}")

    def state(self):
        agent = self.account.agent(10011)
        return agent["agent_status"]["id"], agent["agent_status"]["reason"]


def run(check, page, server):
    account = server.account("controls")
    user = Controls(page, account)
    page.open(server, "controls", "controls")

    with check("controls: an agent is found by name"):
        page.type("#controls .picker input", "agnes")
        page.click("//ul[@class='found']//button[contains(.,'Agnes Okafor')]")
        page.wait(lambda: page.text("#controls .chosen h3"), "Agnes Okafor")
        if "controls.agent=10011" not in page.driver.current_url:
            raise Wrong(page.driver.current_url)
    presence(check, page, account, user)
    work(check, page, account, user)
    with check("controls: a copied command makes the same call"):
        page.press("Copy as curl", "(//ol[@class='calls']/li)[1]")
        page.wait(lambda: page.texts(".calls button"), lambda texts: "Copied" in texts)
        words = shlex.split(page.copied())
        expect(words[0], "curl", "the command")
        item = account.agent(10012)["channels"]["messaging"]["work_items"][-1]["id"]
        if f"/work_items/{item}/move" not in words[-1]:
            raise Wrong(words)
        account.steer("POST", f"/agents/10012/channels/messaging/work_items/{item}/move", {"agent_id": 10011, "channel": "messaging"})
        subprocess.run(["curl", "--silent", "--fail", "--noproxy", "*", *words[1:]], check=True, timeout=30, capture_output=True)
        expect(account.agent(10012)["channels"]["messaging"]["work_items"][-1]["id"], item, "the moved item")
    clock(check, page, account, user)
    faults(check, page, account, user)
    whole_account(check, page, server, account, user)


def presence(check, page, account, user):
    shown = lambda: page.text("#controls .agent-state .status")

    with check("controls: sets a unified status"):
        page.choose("//select[@aria-label='Status'] | //label[span='Unified status']//select", "In a meeting")
        with user.agent("PATCH", "", {"agent_status": {"id": 123}}):
            page.press("Set status")
        expect(user.state()[0], 123, "the status")
        user.has_events()
        page.wait(shown, "In a meeting")
    for label, rest, status in (
        ("Sign out", "/sign-out", "Offline"),
        ("Sign in", "/sign-in", "Online"),
        ("Disconnect", "/disconnect", None),
        ("Reconnect", "/reconnect", None),
        ("Go idle", "/idle", "Away"),
    ):
        with check(f"controls: {label.lower()}") as note:
            before = account.agent(10011)
            with user.agent("POST", rest, {}):
                page.press(label)
            agent = account.agent(10011)
            if agent == before:
                raise Wrong("nothing has changed")
            user.has_events()
            note(agent["agent_status"]["reason"])
            page.wait(lambda: page.text("#controls .agent-state"), lambda text: f"version {agent['version']}" in text)
            if status:
                page.wait(shown, status)


def work(check, page, account, user):
    items = lambda agent, channel="messaging": [it["id"] for it in account.agent(agent)["channels"][channel]["work_items"]]
    shown = lambda: page.texts("#controls .work .items li b")

    with check("controls: adds a work item"):
        page.choose(f"{WORK}//label[span='Reason']//select", "Offered")
        page.type(f"{WORK}//input", "7001")
        with user.agent("POST", "/channels/messaging/work_items", {"id": 7001, "reason": "OFFERED"}):
            page.press("Add")
        if 7001 not in items(10011):
            raise Wrong(items(10011))
        user.has_events()
        page.wait(shown, lambda all: "#7001" in all)
    with check("controls: a refused call is shown with its problem", allowed="422"):
        page.type(f"{WORK}//input", "many")
        with user.agent("POST", "/channels/messaging/work_items", {"id": "many", "reason": "OFFERED"}, result="422"):
            page.press("Add")
        if "id" not in user.problem:
            raise Wrong(user.problem)
    with check("controls: removes a work item"):
        with user.agent("DELETE", "/channels/messaging/work_items/7001"):
            page.click(f"{WORK}//button[@aria-label='Remove item 7001']")
        if 7001 in items(10011):
            raise Wrong(items(10011))
        user.has_events()
        page.wait(shown, lambda all: "#7001" not in all)
    with check("controls: moves a work item to another agent"):
        body = {"agent_id": 10012, "channel": "messaging"}
        with user.agent("POST", "/channels/messaging/work_items/201/move", body):
            page.click(f"{WORK}//button[@aria-label='Move item 201']")
            page.answer("Move", **{"To the agent": "10012"})
        if 201 in items(10011) or 201 not in items(10012):
            raise Wrong(items(10012))
        user.has_events()
        page.wait(shown, lambda all: "#201" not in all)


def clock(check, page, account, user):
    card = "//section[h2='Clock']"
    shown = lambda: page.find(f"{card}/p").text

    with check("controls: freezes the clock, advances it, and sets it back"):
        with user.whole("PUT", "/clock", {"mode": "frozen"}):
            page.press("Freeze", card)
        frozen = account.steer("GET", "/clock")
        expect(frozen["mode"], "frozen")
        page.wait(shown, f"Frozen, {frozen['now'][:19].replace('T', ' ')} UTC")
        page.type(f"{card}//input", "90m")
        with user.whole("POST", "/clock/advance", {"by": "90m"}):
            page.press("Advance", card)
        advanced = account.steer("GET", "/clock")
        if advanced["now"] <= frozen["now"]:
            raise Wrong((frozen, advanced))
        page.wait(shown, f"Frozen, {advanced['now'][:19].replace('T', ' ')} UTC")
        page.wait(lambda: page.text("#now"), f"{advanced['now'][11:19]} UTC · frozen")
        with user.whole("PUT", "/clock", {"mode": "real"}):
            page.press("Real time", card)
        expect(account.steer("GET", "/clock")["mode"], "real")
        page.wait(shown, lambda text: text.startswith("Real, "))


def faults(check, page, account, user):
    switch = lambda preset: f"//button[@role='switch'][b='{preset}']"
    state = lambda preset: page.find(switch(preset)).get_attribute("aria-checked")
    hits = lambda preset: page.js("return document.evaluate(arguments[0], document, null, 9).singleNodeValue.textContent", f"//li[button/b='{preset}']/span[contains(@class, 'hits')]")

    for preset, (path, wanted) in PRESETS.items():
        with check(f"controls: the fault {preset}, on and off, with its hits"):
            with user.whole("PUT", "/faults", {"faults": [{"preset": preset}]}):
                page.click(switch(preset))
            page.wait(lambda: state(preset), "true")
            expect(met(account, path), wanted, "what a client gets")
            page.wait(lambda: hits(preset), "hit 1 of 1 request")
            with user.whole("PUT", "/faults", {"faults": []}):
                page.click(switch(preset))
            page.wait(lambda: state(preset), "false")
            expect(met(account, "/10011"), 200, "what a client gets")
    with check("controls: the next two requests meet a 503, and the third does not"):
        page.type("//label[contains(.,'Hit only')]//input", "2")
        with user.whole("PUT", "/faults", {"faults": [{"preset": "unavailable-retry-after", "when": {"first": 2}}]}):
            page.click(switch("unavailable-retry-after"))
        expect([met(account, "/10011") for _ in range(3)], [503, 503, 200], "what a client gets")
        page.wait(lambda: hits("unavailable-retry-after"), lambda text: text.startswith("used up: hit 2 of "))
    with check("controls: the answer of a rule stays when a fault is added"):
        answer = {"match": {"path": "/api/v2/tickets"}, "answer": {"status": 201, "body": {"id": 1}, "without_headers": ["x-rate-limit"]}}
        account.steer("PUT", "/faults", {"faults": [answer]})
        expect(met(account, "/10011"), 200, "what a client gets")
        page.wait(lambda: page.texts("#controls .faults span"), lambda texts: any('"status":201' in text for text in texts))
        with user.whole("PUT", "/faults", {"faults": [answer | {"when": {}}, {"preset": "expired-cursor", "when": {"first": 2}}]}):
            page.click(switch("expired-cursor"))
        account.steer("PUT", "/faults", {"faults": []})
    with check("controls: faults that another client made are shown, and can be removed"):
        account.steer("PUT", "/faults", {"faults": [{"name": "teapot", "fault": {"status": 418}}]})
        expect(met(account, "/10011"), 418, "what a client gets")
        page.wait(lambda: page.texts("#controls .faults b"), lambda names: "teapot" in names)
        with user.whole("PUT", "/faults", {"faults": []}):
            page.press("Remove", "//section[h2='Faults']")
        expect(met(account, "/10011"), 200, "what a client gets")


def whole_account(check, page, server, account, user):
    with check("controls: turns routing off and on"):
        routing = "//button[@role='switch'][.='Omnichannel routing']"
        for wanted in (False, True):
            with user.whole("PATCH", "", {"settings": {"omnichannel_routing": wanted}}):
                page.click(routing)
            expect(account.steer("GET")["settings"]["omnichannel_routing"], wanted, "routing")
            page.wait(lambda: page.find(routing).get_attribute("aria-checked"), str(wanted).lower())
            user.has_events()
    with check("controls: saves a snapshot to a file"):
        with user.whole("GET", "/snapshot"):
            page.press("Save snapshot")
        file = pathlib.Path(page.downloads.name, "controls.json")
        page.wait(file.exists)
        expect(json.loads(file.read_text(encoding="utf-8")), account.steer("GET", "/snapshot"), "the file")
    with check("controls: loads a snapshot from a file"):
        saved = account.agent(10011)
        account.set_status(10011, 2)
        page.command("Page.setInterceptFileChooserDialog", enabled=True)
        page.press("Load snapshot")
        opened = lambda: page.read_log() or any(it["method"] == "Page.fileChooserOpened" for it in page.messages)
        page.wait(opened)
        page.command("Page.setInterceptFileChooserDialog", enabled=False)
        with user.whole("PUT", "/snapshot"):
            page.driver.find_element("css selector", "#controls input[type=file]").send_keys(str(file))
        expect(account.agent(10011)["agent_status"], saved["agent_status"], "the status")
    with check("controls: resets the account, after a question"):
        account.steer("DELETE", "/agents/10029")
        with user.whole("POST", "/reset", {}):
            page.press("Reset")
            page.answer("Reset")
        expect(account.agent(10029)["id"], 10029)
        page.wait_live()
    with check("controls: makes an account and shows it"):
        with user.makes("POST", "", {"seed": "demo", "subdomain": "made"}):
            page.press("New account")
            page.choose("//dialog//select", "The demo team")
            page.answer("Create", Subdomain="made")
        expect(server.steer("GET", "/accounts/made/agents/counts")["agents"], 27, "the number of agents")
        page.wait(lambda: page.driver.title, lambda title: title.startswith("made "))
        page.wait_live()
    with check("controls: deletes an account, and shows the default one"):
        with user.makes("DELETE", "/made"):
            page.press("Delete account")
            page.answer("Delete")
        accounts = [it["subdomain"] for it in server.steer("GET", "/accounts")["accounts"]]
        if "made" in accounts:
            raise Wrong(accounts)
        page.wait(lambda: page.driver.title, lambda title: title.startswith("example "))
        page.wait_live()
