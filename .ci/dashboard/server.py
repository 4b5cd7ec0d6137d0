"""The server under test, and the client whose traffic the page shows."""

import base64
import contextlib
import json
import os
import pathlib
import select
import subprocess
import tempfile
import urllib.error
import urllib.request

PATIENCE = 20  # seconds for anything that has no other limit
# The server must not get settings from the caller's environment.
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith(("EMULATOR_", "ZENDESK_"))}
# Not through a proxy: the server is on this machine.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Server:
    """A running server. Leaving its `with` block ends it, and fails if it has panicked."""

    def __init__(self, binary, *flags, token=None):
        self.binary, self.flags, self.token = binary, [*flags, *(["--control-token", token] if token else [])], token
        self.directory = tempfile.TemporaryDirectory()
        self.log = pathlib.Path(self.directory.name, "log")
        self.port = 0
        self.start()

    def start(self):
        """Starts it, again on the same port."""
        port_file = pathlib.Path(self.directory.name, "port")
        command = [self.binary, "--port", str(self.port), "--port-file", str(port_file), "--log", "warn", *self.flags]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log
            )
        readable, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        if not readable or not self.process.stdout.readline():
            raise RuntimeError(f"the server did not start: {self.log.read_text(encoding='utf-8')[-2000:]}")
        self.port = int(port_file.read_text(encoding="ascii"))

    def kill(self):
        self.process.kill()
        self.process.communicate()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        log = self.log.read_text(encoding="utf-8", errors="replace")
        self.directory.cleanup()
        if "panicked at" in log:
            raise RuntimeError(f"the server panicked: {log[-2000:]}")

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def steer(self, method, path, body=None, kind="application/json"):
        """A control call from this client. Returns the answer's document."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if body is not None:
            headers["Content-Type"] = kind
            body = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_emulator{path}", body, headers, method=method)
        with OPENER.open(request, timeout=PATIENCE) as answer:
            return json.loads(answer.read() or "null")

    def account(self, subdomain, **fields):
        """A new account with the demo team."""
        self.steer("POST", "/accounts", {"subdomain": subdomain, "seed": "demo", **fields})
        return Account(self, subdomain)


class Account:
    """An account, as a client of it sees it."""

    def __init__(self, server, subdomain):
        self.server, self.subdomain = server, subdomain

    def steer(self, method, rest="", body=None, **options):
        return self.server.steer(method, f"/accounts/{self.subdomain}{rest}", body, **options)

    def call(self, method, path, body=None, token="demo-api-token", headers=()):
        """A call of Zendesk's API. Returns status, headers and body."""
        login = base64.b64encode(f"admin@example.com/token:{token}".encode()).decode()
        headers = {"Authorization": f"Basic {login}", **dict(headers)}
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body).encode()
        url = f"{self.server.url}/_account/{self.subdomain}/api/v2/agent_availabilities{path}"
        request = urllib.request.Request(url, body, headers, method=method)
        try:
            with OPENER.open(request, timeout=PATIENCE) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refusal:
            with contextlib.closing(refusal):
                return refusal.status, refusal.headers, refusal.read()

    def set_status(self, agent, status):
        answer, _, body = self.call("PUT", f"/agent_statuses/agents/{agent}", {"id": status})
        assert answer == 200, (answer, body)

    def agent(self, agent):
        return self.steer("GET", f"/agents/{agent}")

    def agents(self, query=""):
        """The agents that meet the filters, and the names of their users by id."""
        page = self.steer("GET", f"/agents?include=users&limit=1000{query}")
        return page["agents"], {user["id"]: user["name"] for user in page["users"]}

    def requests(self):
        return self.steer("GET", "/requests?limit=1000")["requests"]

    def events(self, after=0):
        return self.steer("GET", f"/events?after={after}")["events"]
