"""The view Events: the events that webhooks would carry, their order, and the way from an event to its agent."""

import json

from page import Wrong, expect, words

COLUMNS = ["number", "time", "type", "agent", "version", "what", "source"]
VIEW = "//section[@id='events']"
NAMES = "return [...document.querySelectorAll('#events tbody td.type button')].map((it) => it.title)"


def rows(page):
    return page.rows("events", COLUMNS)


def numbers(page):
    return [int(row["number"]) for row in rows(page)]


def kind(event):
    return event["type"].removeprefix("zen:event-type:")


def shows(page, account, keep=lambda event: True):
    """The events of the control API, newest first, with type, time, version and source."""
    events = [event for event in reversed(account.events()) if keep(event)]
    page.wait(lambda: numbers(page), [event["sequence"] for event in events])
    expect(page.js(NAMES), [kind(event) for event in events], "types")
    for row, event in zip(rows(page), events):
        expect(row["type"], words(kind(event).split(".")[1]), "type")
        expect(row["version"], event["detail"].get("version", ""), "version")
        expect(row["source"], event.get("source", ""), "source")
        expect(row["time"], event["time"][11:23], "time")
    return events


def run(check, page, server):
    account = server.account("events")
    page.open(server, "events", "events")
    item = "/agents/10012/channels/messaging/work_items"

    with check("events: each change arrives as its events, in order, with version and source") as note:
        account.set_status(10011, 4)
        last = account.events()[-1]["sequence"]
        note(page.time(lambda: numbers(page)[:1], [last], 1))
        account.steer("POST", item, {"id": 7001, "reason": "OFFERED"})
        account.steer("PATCH", f"{item}/7001", {"reason": "ACCEPTED"})
        account.steer("DELETE", f"{item}/7001")
        account.steer("PATCH", "/agents/10012/channels/messaging", {"max_capacity": 9})
        account.steer("PATCH", "/agents/10012", {"group_ids": [42]})
        account.steer("DELETE", "/agents/10012/channels/messaging")
        account.steer("PUT", "/agents/10012/channels/talk", {"status": "online"})
        account.steer("PATCH", "", {"settings": {"omnichannel_routing": False}})
        account.steer("PATCH", "", {"settings": {"omnichannel_routing": True}})
        events = shows(page, account)
        note(f"{len({kind(event) for event in events})} types")
    with check("events: says in words what changed, and for whom"):
        shown = [(row["agent"], row["what"]) for row in rows(page)]
        for wanted in [
            ("Agnes Okafor", "Online → Away (Public API)"),
            ("Agnes Okafor", "Messaging: Online → Away"),
            ("Bruno Silva", "Messaging: #7001 (Offered)"),
            ("Bruno Silva", "Messaging: #7001 Offered → Accepted"),
            ("Bruno Silva", "Messaging: 2 → 9"),
            ("Bruno Silva", "1 → 42"),
            ("", "true → false"),
        ]:
            if wanted not in shown:
                raise Wrong(f"no {wanted} in {shown}")
    with check("events: details are what a webhook carries"):
        page.click(f"{VIEW}//tr[td[1][normalize-space()='1']]//button")
        page.wait(lambda: page.text("#events .details h2"), "No. 1")
        event = account.events()[0]
        page.press("Copy", VIEW)
        page.wait(lambda: page.texts("#events .details header button"), lambda texts: "Copied" in texts)
        # Webhooks do not have these two members.
        carried = {name: value for name, value in event.items() if name not in ("sequence", "source")}
        expect(json.loads(page.text("#events .details pre")), carried, "the details")
        expect(json.loads(page.copied()), carried, "the copy")
        page.press("Close", VIEW)
    with check("events: filters by type and agent"):
        page.choose(f"{VIEW}//select", "Work item added")
        shows(page, account, lambda it: kind(it) == "agent.work_item_added")
        page.choose(f"{VIEW}//select", "Any type")
        page.type(f"{VIEW}//input", "10011")
        shows(page, account, lambda it: it["detail"].get("agent_id") == "10011")
    with check("events: an event leads to its agent in the team, and to the agent's controls"):
        page.click(f"{VIEW}//tbody/tr[1]//a")
        page.wait(lambda: page.texts("#team tbody .who .open"), ["Agnes Okafor"])
        page.driver.back()
        page.click(f"{VIEW}//tbody/tr[1]//button")
        page.click(f"{VIEW}//aside//a[.='Controls']")
        page.wait(lambda: page.text("#controls .chosen h3"), "Agnes Okafor")
