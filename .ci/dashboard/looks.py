"""How the page looks and reads: pictures of each view, and what axe-core finds in it."""

from page import NARROW, WIDE, Wrong, short

LOOKS = {
    "light": (WIDE, "light"),
    "dark": (WIDE, "dark"),
    "360": (NARROW, "light"),
    "360-dark": (NARROW, "dark"),
}
MOST = 200 * 1024  # bytes of the picture in the README
RUN = """
    const done = arguments[0];
    axe.run(document).then(
        ({ violations, passes }) => done([passes.length, violations.flatMap(({ id, nodes }) =>
            nodes.map(({ target, failureSummary }) => `${id} at ${target}: ${failureSummary}`))]),
        (problem) => done([0, [String(problem)]]),
    );
"""
# Axe must find a problem with this field. If it does not, axe does not work.
BROKEN = "document.querySelector('main').append(Object.assign(document.createElement('input'), { id: 'broken' }))"


def traffic(account):
    """A team at work, and a client with a few mistakes."""
    for agent, status in ((10011, 4), (10014, 3), (10012, 124), (10011, 3)):
        account.call("PUT", f"/agent_statuses/agents/{agent}", {"id": status})
    account.steer("PUT", "/faults", {"faults": [{"preset": "unavailable-retry-after", "when": {"first": 1}}]})
    account.call("GET", "?page%5Bsize%5D=5&filter%5Bchannel_status%5D=messaging%3Aonline")
    account.call("GET", "?page%5Bsize%5D=5&colour=red")
    account.call("GET", "/10011", token="wrong")
    account.call("GET", "/99999999")
    account.call("GET", "/10012")
    item = "/agents/10001/channels/messaging/work_items"
    account.steer("POST", item, {"id": 881, "reason": "OFFERED"})
    account.steer("PATCH", f"{item}/881", {"reason": "ACCEPTED"})


def views(page, server, account):
    """Opens each view as a user would see it, and names it."""
    page.open(server, "team", account.subdomain)
    page.wait(lambda: page.text("#team .tiles b"), bool)
    yield "team"
    page.open(server, "requests", account.subdomain)
    page.wait(lambda: page.text("#requests .report li"), bool)
    yield "requests"
    page.open(server, "requests", account.subdomain, open=1)
    page.wait(lambda: page.text("#requests .details pre"), bool)
    yield "requests-details"
    page.open(server, "events", account.subdomain)
    page.wait(lambda: page.text("#events tbody .agent a"), lambda text: text and not text.isdigit())
    yield "events"
    page.open(server, "events", account.subdomain, open=3)
    page.wait(lambda: page.text("#events .details pre"), bool)
    yield "events-details"
    page.open(server, "controls", account.subdomain, agent=10011)
    page.wait(lambda: page.text("#controls .agent-state .status"), bool)
    page.press("Go idle")
    page.click("//button[@role='switch'][b='slow-first-byte']")
    page.wait(lambda: len(page.texts(".calls > li")), 2)
    yield "controls"
    page.press("Reset")
    page.wait(lambda: page.texts("dialog h2"), bool)
    yield "question"


def settle(page):
    """Waits until nothing moves, because colours are different while something flashes."""
    page.wait(lambda: page.js("return document.getAnimations().length"), 0)
    page.driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")


def run(check, page, server, folder, picture):
    account = server.account("acme")
    traffic(account)
    with check("looks: pictures of all views, light, dark and at 360 pixels, and none is wider than its screen") as note:
        count = 0
        for view in views(page, server, account):
            for name, (size, scheme) in LOOKS.items():
                page.look(size, scheme)
                settle(page)
                page.picture(folder / f"{view}-{name}.png")
                count += 1
                width, screen = page.js("return [document.documentElement.scrollWidth, innerWidth]")
                if width > screen:
                    raise Wrong(f"{view} is {width} wide on a screen of {screen}")
            page.look()
        note(f"{count} in {folder}")
    if picture:
        with check(f"looks: the picture of the README has at most {MOST // 1024} KB") as note:
            page.look((1200, 675))
            page.command("Emulation.setScrollbarsHidden", hidden=True)
            page.open(server, "team", account.subdomain)
            page.wait(lambda: page.text("#team .tiles b"), bool)
            settle(page)
            page.picture(picture)
            size = picture.stat().st_size
            note(f"{size:,} bytes")
            if size > MOST:
                raise Wrong(f"{size:,} bytes")
            page.command("Emulation.setScrollbarsHidden", hidden=False)
            page.look()


def axe(check, page, server, source):
    """Comes after all other checks: axe adds to the page, and the browser may complain about that."""
    account = server.account("axe")
    traffic(account)
    script = source.read_text(encoding="utf-8")
    with check("axe: finds a field without a label that is put there", allowed="."):
        page.open(server, "team", account.subdomain)
        page.js(script)
        page.js(BROKEN)
        _, violations = page.driver.execute_async_script(RUN)
        if not any(text.startswith("label at #broken") for text in violations):
            raise Wrong(short(violations))
    for view in views(page, server, account):
        with check(f"axe: finds no violation in {view}, light, dark and at 360 pixels", allowed=".") as note:
            page.js(script)
            found = {}
            for name, (size, scheme) in LOOKS.items():
                page.look(size, scheme)
                settle(page)
                passes, violations = page.driver.execute_async_script(RUN)
                if violations:
                    found[name] = violations
            page.look()
            note(f"{passes} rules hold")
            if found:
                raise Wrong(short(found))
