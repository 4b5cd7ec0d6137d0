"""The view Requests: the journal as it grows, its details and filters, the findings of the report, and the rate limit."""

import json
import shlex
import subprocess

from page import Keys, Wrong, expect

COLUMNS = ["number", "time", "code", "method", "path", "caller", "took"]
BUSY = 2_000  # calls in a row


def rows(page):
    return page.rows("requests", COLUMNS)


def newest(page):
    return (rows(page) or [None])[0]


def numbers(page):
    return [int(row["number"]) for row in rows(page)]


def arrives(page, account, seconds=1):
    """Waits for the newest request of the journal. Returns its row and how long it took."""
    last = account.requests()[-1]["sequence"]
    took = page.time(lambda: page.text("#requests tbody td.number"), str(last), seconds)
    return newest(page), took


def details(page, number):
    page.click(f"//section[@id='requests']//tr[td[normalize-space()='{number}']]//button")
    page.wait(lambda: page.text("#requests .details h2"), f"No. {number}")
    script = """
        const parts = [...document.querySelectorAll("#requests .details section")];
        const pairs = (part) => [...part.querySelectorAll("dl > div")].map((it) => [...it.children].map((cell) => cell.textContent));
        return parts.map((part) => [part.querySelector("h3").textContent, part.querySelector("dl") ? pairs(part) : part.querySelector("pre, ul, p").textContent]);
    """
    parts = page.js(script)
    return {title: dict(it) if isinstance(it, list) else it for title, it in parts}


def run(check, page, server):
    account = server.account("requests")
    page.open(server, "requests", "requests")

    with check("requests: says where a client is to be pointed at"):
        empty = page.text("#requests .empty")
        if f"{server.url}/_account/requests" not in empty:
            raise Wrong(empty)
    with check("requests: each call of a client arrives with all that is known of it") as note:
        calls = [
            ("GET", "?page%5Bsize%5D=2&color=red", None, "demo-api-token", "200"),
            ("GET", "/10011", None, "wrong", "401"),
            ("GET", "/99999999", None, "demo-api-token", "404"),
            ("PUT", "/agent_statuses/agents/10011", {"id": 4}, "demo-api-token", "200"),
            ("PUT", "/agent_statuses/agents/10011", {"id": "x"}, "demo-api-token", None),
        ]
        for method, path, body, token, status in calls:
            answer, _, _ = account.call(method, path, body, token)
            row, took = arrives(page, account)
            note(took)
            expect(row["code"], status or str(answer), f"status of {path}")
            expect(row["method"], method)
            request = account.requests()[-1]
            for part in [request["path"], *(f"{k}={v}" for k, v in request["query"].items()), (request["hint"] or "").replace("`", "")]:
                if part not in row["path"]:
                    raise Wrong(f"no {part} in {row['path']}")
            caller = request["caller"]["email"] if request["caller"] else "unknown"
            expect(row["caller"], caller, "caller")
            if not row["took"].endswith(("µs", "ms", " s")) or request["time"][11:23] != row["time"]:
                raise Wrong(row)
        if "color" not in rows(page)[-1]["path"]:
            raise Wrong("no unread parameter")
    with check("requests: a fault that was injected is named"):
        account.steer("PUT", "/faults", {"faults": [{"preset": "unavailable-retry-after", "when": {"first": 1}}]})
        account.call("GET", "/10011")
        row, _ = arrives(page, account)
        expect(row["code"], "503")
        if "fault: unavailable-retry-after" not in row["path"]:
            raise Wrong(row["path"])

    look_at_details(check, page, account)
    filters(check, page, account)
    gauge(check, page, account)
    busy(check, page, server)


def look_at_details(check, page, account):
    with check("requests: details have headers, body, hint, what was not read, and the answer's status"):
        parts = details(page, 4)
        request = account.requests()[3]
        expect(json.loads(parts["Body"]), {"id": 4}, "body")
        expect(parts["Headers"], request["headers"], "headers")
        expect(parts["Answer"]["Request id"], request["request_id"])
        expect(parts["Answer"]["Status"], "200")
        parts = details(page, 1)
        expect(parts["Not read"], "color", "what was not read")
        parts = details(page, 2)
        expect(parts["Answer"]["Hint"], account.requests()[1]["hint"].replace("`", ""), "hint")
        parts = details(page, 6)
        expect(parts["Answer"]["Rule"], "unavailable-retry-after", "rule")
        if "requests.open=6" not in page.driver.current_url:
            raise Wrong(page.driver.current_url)
    with check("requests: a copied command makes the same call again"):
        for number in (1, 4):
            details(page, number)
            page.press("Copy as curl", "//section[@id='requests']")
            page.wait(lambda: page.texts("#requests .details header button"), lambda texts: "Copied" in texts)
            words = shlex.split(page.copied())
            expect(words[0], "curl", "the command")
            subprocess.run(["curl", "--silent", "--noproxy", "*", *words[1:]], check=True, capture_output=True, timeout=30)
            arrives(page, account)
            first, again = account.requests()[number - 1], account.requests()[-1]
            for name in ("method", "path", "query", "body", "caller", "status"):
                expect(again[name], first[name], name)
    with check("requests: j, k and Esc move through the list and close the details"):
        page.keys("k")
        page.wait(lambda: page.text("#requests .details h2"), "No. 5")
        page.keys("j", "j")
        page.wait(lambda: page.text("#requests .details h2"), "No. 3")
        page.keys(Keys.ESCAPE)
        page.wait(lambda: page.js("return document.querySelector('#requests .details').hidden"))


def filters(check, page, account):
    view = "//section[@id='requests']"

    def shows(keep):
        wanted = [it["sequence"] for it in reversed(account.requests()) if keep(it)]
        page.wait(lambda: numbers(page), wanted)

    with check("requests: filters by status class, operation and path"):
        page.choose(f"{view}//select[@aria-label='Status']", "4xx")
        shows(lambda it: 400 <= it["status"] < 500)
        page.choose(f"{view}//select[@aria-label='Status']", "Any status")
        page.choose(f"{view}//select[@aria-label='Operation']", "update_agent_status")
        shows(lambda it: it["operation"] == "update_agent_status")
        page.choose(f"{view}//select[@aria-label='Operation']", "Any operation")
        page.type(f"{view}//input[@type='search']", "99999")
        shows(lambda it: "99999" in it["path"])
        page.find(f"{view}//input[@type='search']").send_keys(Keys.BACKSPACE * 5)
        shows(lambda it: True)
    with check("requests: the report's verdicts lead to their requests"):
        findings = account.steer("GET", "/report")["findings"]
        wanted = sorted((it["verdict"], it["description"].replace("`", "")) for it in findings)
        read = """return [...document.querySelectorAll("#requests .report li")].map((it) => [it.children[0].textContent, it.children[1].lastChild.textContent])"""
        page.wait(lambda: sorted(tuple(it) for it in page.js(read)), wanted)
        finding = next(it for it in findings if it["rule"] == "authentication")
        page.click(f"{view}//li[contains(.,'401')]//button")
        shows(lambda it: it["sequence"] in finding["requests"])
        page.click("#requests .chip")
        shows(lambda it: True)
    with check("requests: a paused list waits, and says how many it has"):
        page.press("Pause")
        before = numbers(page)
        account.call("GET", "/10012")
        account.call("GET", "/10013")
        page.wait(lambda: page.texts("#requests .tools button"), lambda texts: "Resume (2)" in texts)
        expect(numbers(page), before, "the list")
        page.press("Resume (2)")
        shows(lambda it: True)
    with check("requests: the title counts requests that the user has not seen"):
        page.keys("1")
        page.wait(lambda: page.driver.title, lambda title: title.startswith("requests "))
        account.call("GET", "/10012")
        account.call("GET", "/10013")
        page.wait(lambda: page.driver.title, lambda title: title.startswith("(2) requests"))
        page.keys("2")
        page.wait(lambda: page.driver.title, lambda title: title.startswith("requests "))


def gauge(check, page, account):
    with check("requests: the gauge of the limit runs down, and back with the account's clock"):
        account.steer("PUT", "/clock", {"mode": "frozen"})
        account.steer("POST", "/clock/advance", {"by": "2m"})
        left = lambda: page.text("#requests .limit")
        account.call("GET", "/10011")
        page.wait(left, "199 of 200 calls left, resets in 1 min")
        account.call("GET", "/10011")
        page.wait(left, "198 of 200 calls left, resets in 1 min")
        expect(page.js("return getComputedStyle(document.querySelector('#requests .limit .bar')).getPropertyValue('--part')"), "0.99")
        account.steer("POST", "/clock/advance", {"by": "20s"})
        page.wait(left, "198 of 200 calls left, resets in 40 s")
        account.steer("POST", "/clock/advance", {"by": "41s"})
        page.wait(left, "200 of 200 calls left")
        account.steer("PUT", "/clock", {"mode": "real"})


def busy(check, page, server):
    account = server.account("busy", settings={"rate_limit": "off"})
    page.open(server, "requests", "busy")
    with check(f"requests: {BUSY:,} calls in a row leave the newest 500, and the page responds") as note:
        page.js("seen.slowest = 0")
        page.read_log()
        page.messages.clear()
        for _ in range(BUSY):
            account.call("GET", "/10011")
        _, took = arrives(page, account, seconds=5)
        note(took)
        last = account.requests()[-1]["sequence"]
        page.wait(lambda: numbers(page), list(range(last, last - 500, -1)))
        page.wait(lambda: page.text("#requests .tools .quiet"), "500 requests")
        page.read_log()
        if any(it.get("params", {}).get("request", {}).get("url", "").endswith("/stream") for it in page.messages):
            raise Wrong("the page has opened a second stream")
        slowest = page.js("return seen.slowest")
        note(f"slowest frame {slowest:.0f} ms")
        if slowest > 1_000:
            raise Wrong(f"a frame took {slowest:.0f} ms")
    with check("requests: says that an account has no limit"):
        page.wait(lambda: page.text("#requests .limit"), "No rate limit")
