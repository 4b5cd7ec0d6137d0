"""Unusual cases: hostile names, many agents, servers that restart, accounts that are deleted, hidden tabs."""

import urllib.parse

from page import NARROW, WIDE, Keys, Wrong, expect
from server import PATIENCE
from team import cell, read, shows, tiles

MARKUP = "<img src=x onerror=alert(1)>"
NAMES = {
    10011: MARKUP,
    10012: "\u202eالوكيل عبد الرحمن بن محمد\u202c (עברית)",
    10013: "👩🏽\u200d💻 Zoë 🇨🇭 e\u0301\u0301\u0301\u0301",
    10014: "Wolfeschlegelsteinhausenbergerdorff" * 8 + "x" * 20,
    10015: ("a name of many words " * 15)[:300].strip(),
    10016: "\"'`${alert(1)}</script><script>alert(1)</script>",
}
VIEWS = ["team", "requests", "events", "controls"]
# A server that starts answers 503 until its seed is loaded.
UNREACHABLE = r"net::ERR_(CONNECTION|EMPTY|INCOMPLETE|FAILED|ABORTED)|503"


def run(check, page, server):
    names(check, page, server)
    many(check, page, server)
    gone(check, page, server)
    hidden(check, page, server)
    keyboard(check, page, server)


def restart(check, page, server):
    """Last, because the accounts of the other checks are gone then."""
    with check("trouble: the server is killed and started again on its port, and the page recovers", UNREACHABLE) as note:
        account = server.account("restart")
        page.open(server, "team", "restart")
        account.set_status(10011, 4)
        page.wait(lambda: cell(page, 10011, ".unified .status"), "Away")
        page.js("window.isTheSame = true")
        server.kill()
        page.wait(lambda: page.text("#link"), lambda text: text.startswith("No answer"))
        server.start()
        # The tester has to make the account again.
        account = server.account("restart")
        note(page.time(lambda: page.text("#link"), "Live", 30))
        shows(page, account)
        account.set_status(10011, 2)
        note(page.time(lambda: cell(page, 10011, ".unified .status"), "Offline", 1))
        expect(page.js("return window.isTheSame"), True, "the document")
        expect(page.js("return document.querySelector('#notice').hidden"), True, "no notice")
    with check("trouble: what the new server journals is in the other views", UNREACHABLE):
        account.call("GET", "/10012")
        page.keys("2")
        newest = account.requests()[-1]["sequence"]
        page.wait(lambda: page.text("#requests tbody td.number"), str(newest))
        page.keys("3")
        newest = account.events()[-1]["sequence"]
        page.wait(lambda: page.text("#events tbody td.number"), str(newest))


def names(check, page, server):
    account = server.account("names")
    for agent, name in NAMES.items():
        account.steer("PATCH", f"/users/{agent}", {"name": name})
    account.steer("PUT", "/agent_statuses/123", {"name": MARKUP, "channels": {"messaging": "away"}})
    snapshot = account.steer("GET", "/snapshot")
    snapshot["groups"][0]["name"] = f"{MARKUP} ⁧قسم⁩"
    account.steer("PUT", "/snapshot", snapshot)
    account.set_status(10011, 123)
    account.call("GET", f"/10011?{urllib.parse.urlencode({MARKUP: MARKUP})}", headers={"X-Note": MARKUP})
    account.call("GET", f"/{urllib.parse.quote(MARKUP)}")
    account.call("PUT", "/agent_statuses/agents/10011", {"id": MARKUP})
    inert = "return document.querySelectorAll('main img, main script, main [onerror]').length"

    def is_inert():
        expect(page.js(inert), 0, "elements made of data")
        width = page.js("return [document.documentElement.scrollWidth, innerWidth]")
        if width[0] > width[1]:
            raise Wrong(f"the page is {width[0]} wide on a screen of {width[1]}")

    for view in VIEWS:
        with check(f"trouble: {view}: markup, right-to-left text, emoji and 300 characters are text, and fit the screen"):
            page.open(server, view, "names", **({"agent": 10011} if view == "controls" else {}))
            if view == "team":
                shows(page, account)
                shown = {int(row["id"]): row["name"] for row in read(page)}
                expect({agent: shown[agent] for agent in NAMES}, NAMES, "names")
                if MARKUP not in tiles(page)["Agents by status"]:
                    raise Wrong(tiles(page))
            elif view == "controls":
                page.wait(lambda: page.text("#controls .chosen h3"), MARKUP)
                page.wait(lambda: page.text("#controls .agent-state .status"), MARKUP)
                page.type("#controls .picker input", "WOLFE")
                page.wait(lambda: page.texts(".found bdi"), [NAMES[10014]])
            else:
                page.wait(lambda: page.text(f"#{view} tbody"), lambda text: MARKUP in text)
                page.click(f"#{view} tbody tr:last-child button")
                page.wait(lambda: page.text(f"#{view} .details pre, #{view} .details dl"), bool)
            for size in (NARROW, WIDE):
                page.look(size)
                is_inert()
            page.keys(Keys.ESCAPE)


def many(check, page, server):
    default = server.steer("GET", "/accounts/example/agents/counts")["agents"]
    first = server.steer("GET", "/accounts/example/agents?limit=200")["agents"]
    ids = [str(agent["id"]) for agent in first]
    with check("trouble: 10,000 agents: the first hundred are there soon after the page is opened") as note:
        page.open(server, "team", "example")
        page.wait(lambda: len(read(page)), 100)
        rows = page.js("return seen.rows")
        note(f"{rows:.0f} ms")
        if rows > 3_000:
            raise Wrong(f"the first rows came after {rows:.0f} ms")
        expect([row["id"] for row in read(page)], ids[:100])
        page.wait(lambda: page.text("#team .tools .quiet"), f"100 of {default:,} agents")
        page.wait(lambda: tiles(page)["Agents by status"]["All"], f"{default:,}")
    with check("trouble: 10,000 agents: the next page, and the first again") as note:
        page.press("Next page")
        note(page.time(lambda: [row["id"] for row in read(page)], ids[100:200], 5))
        page.press("First page")
        note(page.time(lambda: [row["id"] for row in read(page)], ids[:100], 5))
    with check("trouble: 10,000 agents: hundreds change at once, and the page responds") as note:
        page.js("seen.slowest = 0")
        snapshot = server.steer("GET", "/accounts/example/agents?limit=1000")["agents"]
        from_then = [agent for agent in snapshot if agent["agent_status"]["id"] == 3]
        for agent in from_then:
            server.steer("PATCH", f"/accounts/example/agents/{agent['id']}", {"agent_status": {"id": 2}})
        last = next(agent["id"] for agent in reversed(first[:100]) if agent["agent_status"]["id"] == 3)
        note(f"{len(from_then)} changes")
        note(page.time(lambda: cell(page, last, ".unified .status"), "Offline", PATIENCE))
        slowest = page.js("return seen.slowest")
        note(f"slowest frame {slowest:.0f} ms")
        if slowest > 1_000:
            raise Wrong(f"a frame took {slowest:.0f} ms")
    with check("trouble: 10,000 agents: a text finds one") as note:
        last = server.steer("GET", "/accounts/example/snapshot")["agents"][-1]["id"]
        page.type("#team input[type=search]", str(last))
        note(page.time(lambda: [row["id"] for row in read(page)], [str(last)], 5))


def gone(check, page, server):
    with check("trouble: an account that was reset is shown as it is then"):
        account = server.account("gone")
        account.set_status(10011, 2)
        page.open(server, "events", "gone")
        page.wait(lambda: len(page.texts("#events tbody tr")), len(account.events()))
        account.steer("POST", "/reset", {})
        page.wait(lambda: len(page.texts("#events tbody tr")), 0)
        page.keys("1")
        shows(page, account)
    with check("trouble: an account that was deleted is said to be gone", allowed="404"):
        server.steer("DELETE", "/accounts/gone")
        page.wait(lambda: page.text("#notice"), lambda text: "gone" in text)
        expect(page.js("return document.querySelector('#notice').hidden"), False, "notice")
        # The page may still send calls to the account, and they must not count in the next check.
        page.driver.get("about:blank")


def hidden(check, page, server):
    account = server.account("hidden")
    with check("trouble: a hidden tab has no stream, and catches up when it is shown") as note:
        page.open(server, "requests", "hidden")
        page.read_log()
        page.messages.clear()
        page.driver.minimize_window()
        page.wait(lambda: page.text("#link"), "Paused")
        ended = lambda: page.read_log() or [it for it in page.messages if it["method"] == "Network.loadingFailed"]
        page.wait(ended, bool)
        account.call("GET", "/10011")
        account.set_status(10012, 2)
        expect(page.texts("#requests tbody tr"), [], "the list")
        page.driver.set_window_rect(0, 0, *WIDE)
        note(page.time(lambda: page.text("#link"), "Live", 5))
        page.wait(lambda: page.texts("#requests tbody td.number"), ["2", "1"])


def keyboard(check, page, server):
    server.account("keys")
    with check("keyboard: 1 to 4, /, j, k, Enter and Esc"):
        page.open(server, "controls", "keys")
        shown = lambda: page.js("return document.querySelector('main > section:not([hidden])').id")
        focused = "return document.activeElement"
        for key, view in zip("1234", VIEWS):
            page.keys(key)
            page.wait(shown, view)
        page.keys("1")
        page.wait(lambda: len(read(page)), 27)
        page.keys("/")
        page.wait(lambda: page.js(f"return document.activeElement === document.querySelector('#team input[type=search]')"))
        page.keys("j")
        page.wait(lambda: page.js(f"{focused}.value"), "j")
        page.keys(Keys.BACKSPACE, Keys.ESCAPE)
        page.wait(lambda: page.js(f"{focused}.tagName"), "BODY")
        page.wait(lambda: len(read(page)), 27)
        page.keys("j")
        page.wait(lambda: page.js(f"{focused}.textContent"), "Ada Lindqvist")
        page.keys("j", "j", "k")
        page.wait(lambda: page.js(f"{focused}.textContent"), "Agnes Okafor")
        page.keys(Keys.ENTER)
        page.wait(lambda: page.text("#controls .chosen h3"), "Agnes Okafor")
    with check("keyboard: nothing is animated for users who ask for that"):
        account = server.account("still")
        page.look(motion="reduce")
        page.open(server, "team", "still")
        page.js("seen.flashes.length = 0")
        account.set_status(10011, 2)
        page.wait(lambda: cell(page, 10011, ".unified .status"), "Offline")
        page.wait(lambda: page.js("return document.querySelectorAll('.flash').length"), lambda count: count > 0)
        expect(page.js("return document.getAnimations().length + seen.flashes.length"), 0, "animations")
        page.look()
