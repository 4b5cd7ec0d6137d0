"""The view Team: agents, counts and filters, compared with what the control API answers at the same time."""

from page import Wrong, expect, words

CHANNELS = ["messaging", "chat", "support", "talk"]
READ = """
    const text = (row, selector) => row.querySelector(selector)?.textContent ?? "";
    return [...document.querySelectorAll("#team tbody tr")].map((row) => ({
        id: row.dataset.id, name: text(row, ".who .open"), details: text(row, ".who small"),
        status: text(row, ".unified .status"), reason: text(row, ".unified small"),
        since: row.querySelector("time").dateTime,
        channels: [...row.querySelectorAll("td.channel")].map((cell) => ({
            name: text(cell, ".of"), status: text(cell, ".status, div > span"), load: text(cell, ".load"),
            items: text(cell, ".items"), all: cell.querySelector(".items").title,
            part: cell.querySelector(".bar").hidden ? null : getComputedStyle(cell.querySelector(".bar")).getPropertyValue("--part"),
        })),
    }));
"""
ROW = "document.querySelector(`#team tr[data-id='${arguments[0]}'] ${arguments[1]}`)?.textContent ?? null"


def as_shown(account, query=""):
    """The rows that the page should have."""
    agents, names = account.agents(query)
    statuses = account.steer("GET", "/agent_statuses")["agent_statuses"]
    status_names = {it["id"]: words(it["name"]) if "standard" in it else it["name"] for it in statuses}
    groups = {group["id"]: group["name"] for group in account.steer("GET", "/groups")["groups"]}
    return [
        {
            "id": str(agent["id"]),
            "name": names.get(agent["id"], f"Agent {agent['id']}"),
            "details": " · ".join([str(agent["id"]), *(groups[it] for it in agent.get("group_ids") or [])]),
            "status": status_names[agent["agent_status"]["id"]],
            "reason": words(agent["agent_status"]["reason"]),
            "since": agent["agent_status"]["updated_at"],
            "channels": [channel(name, agent["channels"].get(name)) for name in CHANNELS],
        }
        for agent in agents
    ]


def channel(name, it):
    if it is None:
        return {"name": words(name), "status": "–", "load": "", "items": "", "all": "", "part": None}
    held, most = it["work_items"], it.get("max_capacity")
    more = [f"+{len(held) - 3}"] if len(held) > 3 else []
    part = None if most is None else min(1, len(held) / most) if most else float(bool(held))
    return {
        "name": words(name),
        "status": words(it["status"]),
        "load": str(len(held)) if most is None else f"{len(held)}/{most}",
        "items": " ".join([f"#{item['id']}" for item in held[:3]] + more),
        "all": "\n".join(f"{item['id']}: {words(item['reason'])}" for item in held),
        "part": part,
    }


def read(page):
    rows = page.js(READ)
    for cell in (cell for row in rows for cell in row["channels"]):
        cell["part"] = None if cell["part"] is None else float(cell["part"])
    return rows


def shows(page, account, query=""):
    page.wait(lambda: read(page), as_shown(account, query))


def cell(page, agent, selector):
    return page.js(f"return {ROW}", str(agent), selector)


def tiles(page):
    """The counts by the label of their group: pairs of status and number."""
    script = """
        const pairs = (box) => [...box.querySelectorAll("button")].map((it) => [it.querySelector(".status").textContent, it.querySelector("b").textContent]);
        return [...document.querySelectorAll("#team .counts [role=group]")].map((box) => [box.getAttribute("aria-label"), pairs(box)]);
    """
    return {label: dict(pairs) for label, pairs in page.js(script)}


def counts_as_shown(account):
    counts = account.steer("GET", "/agents/counts")
    standard = {it["id"] for it in account.steer("GET", "/agent_statuses")["agent_statuses"] if "standard" in it}
    name = lambda it: words(it["name"]) if it["id"] in standard else it["name"]
    shown = {"Agents by status": {"All": str(counts["agents"])}}
    shown["Agents by status"] |= {name(it): str(it["agents"]) for it in counts["agent_statuses"]}
    for channel, states in counts["channels"].items():
        label = words
        numbers = {label(state): str(number) for state, number in states.items()}
        shown[f"{words(channel)}: agents by status"] = numbers
    return shown


def run(check, page, server):
    account = server.account("team")
    page.open(server, "team", "team")

    with check("team: shows every agent with name, status, reason, since when, channels, capacity and work items") as note:
        shows(page, account)
        note(f"{len(read(page))} agents")
    with check("team: counts agents per status and channel"):
        page.wait(lambda: tiles(page), counts_as_shown(account))

    with check("team: a status change over Zendesk's API is on the page within a second") as note:
        page.js("window.isTheSame = true; seen.flashes.length = 0")
        times = []
        for status, name in ((4, "Away"), (2, "Offline"), (3, "Online")):
            account.set_status(10011, status)
            times.append(page.time(lambda: cell(page, 10011, ".unified .status"), name, 1))
        note(" ".join(times))
        expect(page.js("return window.isTheSame"), True, "the document")
        shows(page, account)
        page.wait(lambda: tiles(page), counts_as_shown(account))
    with check("team: a change flashes once, and nothing else does"):
        page.wait(lambda: page.js("return document.getAnimations().length"), 0)
        page.js("seen.flashes.length = 0")
        account.set_status(10014, 123)
        page.wait(lambda: cell(page, 10014, ".unified .status"), "In a meeting")
        page.wait(lambda: page.js("return seen.flashes.length"), lambda count: count > 0)
        page.wait(lambda: page.js("return document.getAnimations().length"), 0)
        flashes = page.js("return seen.flashes")
        if len(set(flashes)) < len(flashes) or {it.split()[0] for it in flashes} != {"10014"}:
            raise Wrong(flashes)
    with check("team: work arrives and leaves, and fills the bar") as note:
        path = "/agents/10012/channels/messaging/work_items"
        before = cell(page, 10012, "td.channel .load")
        account.steer("POST", path, {"id": 7001, "reason": "ASSIGNED"})
        note(page.time(lambda: cell(page, 10012, "td.channel .load"), lambda load: load != before, 1))
        shows(page, account)
        account.steer("DELETE", f"{path}/7001")
        note(page.time(lambda: cell(page, 10012, "td.channel .load"), before, 1))
        shows(page, account)
    with check("team: a deleted agent goes, and a new one comes, which no event says") as note:
        account.steer("DELETE", "/agents/10029")
        note(page.time(lambda: cell(page, 10029, ".who .open"), None, 15))
        account.steer("POST", "/agents", {"id": 42, "agent_status": {"id": 3}, "channels": {"talk": {}}})
        note(page.time(lambda: cell(page, 42, ".who .open"), "Agent 42", 15))
        shows(page, account)

    filters(check, page, account, server)

    with check("team: an agent leads to its controls, and back to the list as it was"):
        page.click("#team tr[data-id='10011'] .open")
        page.wait(lambda: page.text("#controls .chosen h3"), "Agnes Okafor")
        page.driver.back()
        shows(page, account)


def filters(check, page, account, server):
    def tile(group, status):
        page.click(f"//section[@id='team']//*[@aria-label='{group}: agents by status' or @aria-label='{group}']//button[span='{status}']")

    with check("team: filters by unified status, and off again"):
        tile("Agents by status", "Online")
        shows(page, account, "&agent_status_id=3")
        tile("Agents by status", "In a meeting")
        shows(page, account, "&agent_status_id=123")
        tile("Agents by status", "In a meeting")
        shows(page, account)
    with check("team: filters by the status on a channel"):
        tile("Talk", "Away")
        shows(page, account, "&channel=talk&channel_status=away")
        tile("Agents by status", "All")
        shows(page, account)
    with check("team: filters by group and text together, and the address has them"):
        page.choose("#team select", "Billing")
        shows(page, account, "&group_id=42")
        page.type("#team input[type=search]", "agnes")
        shows(page, account, "&group_id=42&text=agnes")
        address = page.driver.current_url
        if "team.group=42" not in address or "team.text=agnes" not in address:
            raise Wrong(address)
        page.driver.get(address)
        page.wait_live()
        shows(page, account, "&group_id=42&text=agnes")
    with check("team: an agent that no longer fits the filter leaves the list"):
        page.open(server, "team", account.subdomain, status=3)
        shows(page, account, "&agent_status_id=3")
        account.set_status(10011, 4)
        page.wait(lambda: cell(page, 10011, ".who .open"), None)
        shows(page, account, "&agent_status_id=3")
    with check("team: says that no agent fits"):
        page.type("#team input[type=search]", "no such agent")
        page.wait(lambda: page.texts("#team .empty:not([hidden])"), ["No agent fits these filters."])
        expect(read(page), [], "the list")
        page.open(server, "team", account.subdomain)
        shows(page, account)
