"""The page in a headless Chromium, driven through WebDriver, and how checks of it run."""

import contextlib
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import urllib.parse

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from server import PATIENCE

FLAGS = """
    --headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
    --disable-component-update --disable-sync --disable-dev-shm-usage --no-proxy-server --force-device-scale-factor=1
""".split()
POLL = 0.01  # seconds between two looks at the page
WIDE, NARROW = (1280, 800), (360, 740)

# Runs in each document before its own scripts. Records what a user would see for a moment only.
WATCH = """
window.seen = { flashes: [], policies: [], slowest: 0 };
addEventListener("animationstart", ({ target, animationName }) => {
  const row = target.closest("tr");
  if (animationName === "flash") seen.flashes.push(`${row?.dataset.id} ${[...(row?.children ?? [])].indexOf(target)}`);
});
addEventListener("securitypolicyviolation", (event) => seen.policies.push(`${event.violatedDirective} ${event.blockedURI}`));
new MutationObserver(() => {
  if (!seen.rows && document.querySelector("tbody tr")) seen.rows = performance.now();
}).observe(document, { childList: true, subtree: true });
let frame = performance.now();
requestAnimationFrame(function next(now) {
  if (!document.hidden) seen.slowest = Math.max(seen.slowest, now - frame);
  frame = now;
  requestAnimationFrame(next);
});
"""


class Wrong(Exception):
    """The page does not do what it should."""


class Page:
    """A browser with one page. Leaving its `with` block ends it."""

    def __init__(self):
        self.downloads = tempfile.TemporaryDirectory()
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        for flag in [*FLAGS, f"--window-size={WIDE[0]},{WIDE[1]}"]:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        service = webdriver.ChromeService(shutil.which("chromedriver"), log_output=subprocess.DEVNULL)
        self.driver = webdriver.Chrome(options, service)
        self.driver.set_script_timeout(PATIENCE)
        self.driver.set_page_load_timeout(PATIENCE)
        self.messages = []
        self.command("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
        permissions = ["clipboardReadWrite", "clipboardSanitizedWrite"]
        self.command("Browser.grantPermissions", permissions=permissions)
        self.command("Browser.setDownloadBehavior", behavior="allow", downloadPath=self.downloads.name)
        self.look()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()
        self.downloads.cleanup()

    def command(self, name, **parameters):
        return self.driver.execute_cdp_cmd(name, parameters)

    def look(self, size=WIDE, scheme="light", motion="no-preference"):
        """Sets the preferences of the user's system, and the size of its screen."""
        width, height = size
        self.command(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )
        features = {"prefers-color-scheme": scheme, "prefers-reduced-motion": motion}
        self.command(
            "Emulation.setEmulatedMedia", features=[{"name": k, "value": v} for k, v in features.items()]
        )

    def open(self, server, view="team", account="example", **filters):
        """Opens a view in a new document, and waits until the server has answered the page."""
        filters = {f"{view}.{name}": value for name, value in filters.items()}
        query = urllib.parse.urlencode({"account": account, "view": view, **filters})
        self.driver.get(f"{server.url}/_emulator?{query}")
        self.wait_live()

    def wait_live(self):
        self.wait(lambda: self.text("#link"), "Live")
        self.wait(lambda: self.js("return document.querySelectorAll('main > section:not([hidden])').length"), 1)

    # What the page shows

    def js(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def text(self, selector):
        return self.js("return document.querySelector(arguments[0])?.textContent ?? null", selector)

    def texts(self, selector):
        return self.js("return [...document.querySelectorAll(arguments[0])].map((it) => it.textContent)", selector)

    def rows(self, view, columns):
        """The rows of a list: the text of each named column, cells by class."""
        script = """
            const [view, columns] = arguments;
            const rows = [...document.querySelectorAll(`#${view} tbody tr`)];
            return rows.map((row) => columns.map((name) => row.querySelector(`td.${name}`).textContent));
        """
        return [dict(zip(columns, row)) for row in self.js(script, view, columns)]

    def wait(self, look, wanted=True, seconds=PATIENCE):
        """Looks until it sees the wanted value, or a value that the given function accepts. Returns the value."""
        fits = wanted if callable(wanted) else lambda value: value == wanted
        deadline = time.monotonic() + seconds
        while True:
            value = look()
            if fits(value):
                return value
            if time.monotonic() > deadline:
                if callable(wanted):
                    raise Wrong(f"after {seconds} s: {short(value)}")
                raise Wrong(f"after {seconds} s: {difference(value, wanted)}")
            time.sleep(POLL)

    def time(self, look, wanted, seconds):
        """How long it takes, in milliseconds, until the page shows what is wanted."""
        began = time.monotonic()
        self.wait(look, wanted, seconds)
        return f"{(time.monotonic() - began) * 1000:.0f} ms"

    # What a user does

    def find(self, selector):
        """Waits for an element that a user can see and use."""
        by = By.XPATH if selector.startswith(("/", "(")) else By.CSS_SELECTOR

        def shown():
            return [it for it in self.driver.find_elements(by, selector) if it.is_displayed() and it.is_enabled()]

        try:
            return self.wait(shown, bool)[0]
        except Wrong:
            raise Wrong(f"nothing to use at {selector}") from None

    def button(self, text, within="//main"):
        return self.find(f"{within}//button[normalize-space()='{text}']")

    def press(self, text, within="//main"):
        self.button(text, within).click()

    def click(self, selector):
        self.find(selector).click()

    def type(self, selector, text):
        element = self.find(selector)
        element.clear()
        element.send_keys(text)

    def choose(self, selector, text):
        Select(self.find(selector)).select_by_visible_text(text)

    def keys(self, *keys):
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()

    def answer(self, yes, **fields):
        """Answers the question that the page asks in a dialog: fields by their labels."""
        for label, value in fields.items():
            self.type(f"//dialog//label[span[starts-with(.,'{label}')]]//input", value)
        self.press(yes, "//dialog")
        self.wait(lambda: self.texts("dialog"), [])

    def copied(self):
        return self.driver.execute_async_script("navigator.clipboard.readText().then(arguments[0])")

    def picture(self, path):
        pathlib.Path(path).write_bytes(self.driver.get_screenshot_as_png())

    # What the browser says about the page

    def read_log(self):
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"].startswith(("Network.", "Page.")):
                self.messages.append(message)

    def complaints(self, allowed=None):
        """Errors and warnings in the console, violations of the policy, and addresses of other hosts."""
        found = [f"{entry['level']} {entry['message']}" for entry in self.driver.get_log("browser")]
        if allowed:
            found = [text for text in found if not re.search(allowed, text)]
        found += self.js("return window.seen ? seen.policies.splice(0) : []")
        self.read_log()
        asked = {m["params"]["request"]["url"] for m in self.messages if m["method"] == "Network.requestWillBeSent"}
        found += [f"asked {url}" for url in asked if not url.startswith(("http://127.0.0.1:", "data:", "blob:"))]
        return found


class Checks:
    """Runs checks, and prints a line for each. A failed one leaves a picture of the page."""

    def __init__(self, page, folder):
        self.page, self.folder = page, folder
        self.passed = self.failed = 0

    @contextlib.contextmanager
    def __call__(self, name, allowed=None):
        """`allowed` is what the console may say: browsers write an error for each refused call."""
        notes = []
        try:
            yield notes.append
            complaints = self.page.complaints(allowed)
            if complaints:
                raise Wrong(f"the browser complains: {short(complaints)}")
        except Exception as problem:
            self.failed += 1
            print(f"WRONG {name}: {type(problem).__name__} {str(problem).split('Stacktrace')[0].strip()}", flush=True)
            with contextlib.suppress(Exception):
                self.page.complaints()
                self.page.picture(self.folder / f"wrong-{self.failed}.png")
        else:
            self.passed += 1
            print(f"ok    {name}{' (' + ', '.join(notes) + ')' if notes else ''}", flush=True)


def short(value):
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 600 else f"{text[:600]}…"


def difference(value, wanted):
    """What differs from the expectation. Of two lists, the first item that differs."""
    if isinstance(value, list) and isinstance(wanted, list):
        if len(value) != len(wanted):
            return f"{len(value)} items: {short(value)}; expected {len(wanted)}: {short(wanted)}"
        value, wanted = next(pair for pair in zip(value, wanted) if pair[0] != pair[1])
    return f"{short(value)}; expected {short(wanted)}"


def words(constant):
    """A constant as the page writes it: `AGENT_IDLE_TIMEOUT` is `Agent idle timeout`."""
    return re.sub(r"\b(Api|Wfm|api|wfm)\b", lambda it: it[0].upper(), constant.replace("_", " ").lower().capitalize())


def expect(value, wanted, what="it"):
    if value != wanted:
        raise Wrong(f"{what}: {difference(value, wanted)}")


__all__ = ["Checks", "Keys", "NARROW", "Page", "WIDE", "Wrong", "expect", "short", "words"]
