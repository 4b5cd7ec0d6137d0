"""Checks the live page in a real browser: python .ci/dashboard BINARY --axe FILE [--folder DIR] [--picture FILE]

Each line says what the page does. Pictures of all views go to the folder; --picture writes the one of the README.
"""

import argparse
import pathlib
import sys
import time

import controls
import events_view
import guard
import looks
import requests_view
import team
import trouble
from page import Checks, Page
from server import Server

AGENTS = 10_000


def main():
    parser = argparse.ArgumentParser(prog="dashboard")
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("--axe", type=pathlib.Path, required=True, help="axe.min.js")
    parser.add_argument("--folder", type=pathlib.Path, default="target/dashboard", help="where pictures go")
    parser.add_argument("--picture", type=pathlib.Path, help="the picture of the README")
    parser.add_argument("--only", nargs="*", default=[], help="some parts only")
    arguments = parser.parse_args()
    binary = arguments.binary.resolve()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with Server(binary, "--agents", str(AGENTS)) as server, Page() as page:
        check = Checks(page, arguments.folder)
        parts = {
            "team": lambda: team.run(check, page, server),
            "requests": lambda: requests_view.run(check, page, server),
            "events": lambda: events_view.run(check, page, server),
            "controls": lambda: controls.run(check, page, server),
            "trouble": lambda: trouble.run(check, page, server),
            "guard": lambda: guard.run(check, page, server, binary),
            "looks": lambda: looks.run(check, page, server, arguments.folder, arguments.picture),
            "restart": lambda: trouble.restart(check, page, server),
            "axe": lambda: looks.axe(check, page, server, arguments.axe),
        }
        for name, part in parts.items():
            if not arguments.only or name in arguments.only:
                part()
    print(f"dashboard: {check.passed} passed, {check.failed} failed, {time.monotonic() - began:.0f} s")
    sys.exit(check.failed > 0)


main()
