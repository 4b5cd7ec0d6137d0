"""Who may use the page: tokens, servers that other machines can reach, and pages of other origins."""

import contextlib
import http.server
import threading

from page import Wrong, expect
from server import OPENER, Server
from team import cell, read

TOKEN = "s3cret-of-the-check"
REFUSED = "40[13]"


def run(check, page, server, binary):
    entrance(check, page, server)
    with_token(check, page, binary)
    with check("guard: beyond loopback without a token, the page says which flag helps", allowed=REFUSED):
        with Server(binary, "--host", "0.0.0.0") as open_server:
            page.driver.get(f"{open_server.url}/_emulator")
            notice = page.wait(lambda: page.text("#notice"), bool)
            if "--control-token" not in notice or "--allow-open-control" not in notice:
                raise Wrong(notice)
            expect(page.js("return document.querySelector('#notice').hidden"), False, "notice")
            expect(page.text("#link"), "Refused")
            page.driver.get("about:blank")
    with check("guard: a page of another origin cannot open the stream", allowed="CORS policy|net::ERR_FAILED|403"):
        stream = f"{server.url}/_emulator/accounts/example/stream"
        with foreign_page() as address:
            page.driver.get(address)
            page.read_log()
            page.messages.clear()
            script = """
                const [url, mode, done] = arguments;
                fetch(url, { mode }).then((it) => done(it.type), () => done("refused"));
            """
            expect(page.driver.execute_async_script(script, stream, "cors"), "refused", "a readable stream")
            expect(page.driver.execute_async_script(script, stream, "no-cors"), "opaque", "a stream that is not read")
            page.read_log()
            answers = [it["params"] for it in page.messages if it["method"] == "Network.responseReceived"]
            statuses = {it["response"]["status"] for it in answers if it["response"]["url"] == stream}
            expect(statuses, {403}, "the status")
            page.driver.get("about:blank")


def entrance(check, page, server):
    with check("guard: / leads a browser to the page, and gives other clients an index of links"):
        page.driver.get(f"{server.url}/")
        page.wait_live()
        expect(page.driver.current_url, f"{server.url}/_emulator")
        with OPENER.open(f"{server.url}/") as answer:
            expect(answer.headers["Content-Type"].split(";")[0], "application/json", "the type")


def with_token(check, page, binary):
    with Server(binary, token=TOKEN) as server:
        with check("guard: with --control-token the page asks, and again if the token is wrong", allowed=REFUSED):
            page.driver.get(f"{server.url}/_emulator")
            page.wait(lambda: page.text("dialog h2"), "Control token")
            page.type("dialog input", "wrong")
            page.press("Sign in", "//dialog")
            page.wait(lambda: page.text("dialog p"), lambda text: text and "is not the one" in text)
            page.answer("Sign in", Token=TOKEN)
            page.wait_live()
            page.wait(lambda: len(read(page)), 27)
        with check("guard: the token is kept for the tab, and its calls work"):
            page.driver.refresh()
            page.wait_live()
            page.wait(lambda: len(read(page)), 27)
            expect(page.texts("dialog"), [], "a question")
            server.steer("PATCH", "/accounts/example/agents/10011", {"agent_status": {"id": 2}})
            page.wait(lambda: cell(page, 10011, ".unified .status"), "Offline", 1)
        with check("guard: another tab is asked again", allowed=REFUSED):
            first = page.driver.current_window_handle
            page.driver.switch_to.new_window("tab")
            page.driver.get(f"{server.url}/_emulator")
            page.wait(lambda: page.text("dialog h2"), "Control token")
            page.driver.close()
            page.driver.switch_to.window(first)
        with check("guard: no token is in an address", allowed=REFUSED):
            page.read_log()
            sent = [it["params"]["request"] for it in page.messages if it["method"] == "Network.requestWillBeSent"]
            if not any(TOKEN in str(request["headers"]) for request in sent):
                raise Wrong("no call had the token")
            found = [request["url"] for request in sent if TOKEN in request["url"]]
            expect([*found, *([TOKEN] if TOKEN in page.driver.current_url else [])], [], "addresses with the token")
        page.driver.get("about:blank")


class Empty(http.server.BaseHTTPRequestHandler):
    """A page without content, for scripts of another origin."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(b'<!doctype html><link rel="icon" href="data:,"><title>elsewhere</title>')

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def foreign_page():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Empty) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
