"""A Talk monitor: shows the agents of a phone group until the last call has ended, then closes the line.

Closing makes the agents who are online away: by the Talk API, or, where Talk refuses that because unified
statuses are on, by the unified status.
"""

import os
import time

import requests

URL = os.environ["ZENDESK_URL"]
GROUP = "Phone"
AWAY = 4
INTERVAL = 0.05  # seconds between two looks

session = requests.Session()
session.auth = f"{os.environ['ZENDESK_EMAIL']}/token", os.environ["ZENDESK_TOKEN"]


def send(method, path, body=None):
    url = path if path.startswith(URL) else f"{URL}{path}"
    return session.request(method, url, json=body, timeout=10)


def get(path):
    answer = send("GET", path)
    answer.raise_for_status()
    return answer.json()


def put(path, body):
    answer = send("PUT", path, body)
    answer.raise_for_status()
    return answer.json()


def availability(agent):
    return f"/api/v2/channels/voice/availabilities/{agent}.json"


def show(name, state):
    words = [state["agent_state"], state["call_status"], f"by {state['via']}"]
    print(f"{name}: {', '.join(word for word in words if word)}", flush=True)


def activity(group):
    """What the agents of a group do, by the id of the agent."""
    path = f"/api/v2/channels/voice/stats/agents_activity.json?group_ids={group}"
    agents = {}
    while path:
        page = get(path)
        agents.update((agent["agent_id"], agent) for agent in page["agents_activity"])
        path = page["next_page"]
    return agents


def watch(group):
    """Shows how many agents are on a call, whenever it changes, until it is none."""
    shown = None
    while shown != 0:
        busy = sum(agent["call_status"] is not None for agent in activity(group).values())
        if busy != shown:
            print(f"{busy} on a call", flush=True)
        shown = busy
        time.sleep(INTERVAL)


def close(agent, name):
    answer = send("PUT", availability(agent), {"availability": {"agent_state": "away", "via": "client"}})
    if answer.status_code == 400:
        print(f"{name}: Talk refuses, {answer.json()['error']}")
        put(f"/api/v2/agent_availabilities/agent_statuses/agents/{agent}", {"id": AWAY})
    else:
        answer.raise_for_status()
    put(availability(agent), {"availability": {"via": "phone"}})
    show(name, get(availability(agent))["availability"])


def main():
    unified = get("/api/v2/account/settings.json")["settings"]["agents"]["unified_agent_statuses"]
    print(f"unified statuses: {'on' if unified else 'off'}")
    group = next(group["id"] for group in get("/api/v2/groups.json")["groups"] if group["name"] == GROUP)
    users = {user["id"]: user["name"] for user in get(f"/api/v2/groups/{group}/users.json")["users"]}
    states = {agent: get(availability(agent))["availability"] for agent in users}
    for agent, state in states.items():
        show(users[agent], state)
    queue = get("/api/v2/channels/voice/stats/current_queue_activity.json")["current_queue_activity"]
    print(f"{queue['agents_online']} online, {queue['calls_waiting']} waiting", flush=True)
    watch(group)
    for agent, state in states.items():
        if state["agent_state"] == "online":
            close(agent, users[agent])


main()
