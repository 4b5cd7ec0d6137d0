"""A wall board: what each member of the team does now, and how busy each group is.

Asks for the users by role, for the availabilities of all agents, and for each group's availability.
"""

import os

import requests

URL = os.environ["ZENDESK_URL"]


def ask(session, url, **parameters):
    answer = session.get(url, params=parameters, timeout=10)
    answer.raise_for_status()
    return answer.json()


def offset_pages(session, path, **parameters):
    """The first page, and the pages that `next_page` leads to."""
    page = ask(session, f"{URL}{path}", **parameters)
    yield page
    while page["next_page"]:
        page = ask(session, page["next_page"])
        yield page


def cursor_pages(session, path, **parameters):
    """The first page, and the pages that `links.next` leads to."""
    page = ask(session, f"{URL}{path}", **parameters)
    yield page
    while page["meta"]["has_more"]:
        page = ask(session, page["links"]["next"])
        yield page


def team(session):
    """The users who may have an availability, in the order of their names."""
    parameters = {"role[]": ["agent", "admin"], "per_page": 12}
    users = [user for page in offset_pages(session, "/api/v2/users.json", **parameters) for user in page["users"]]
    return sorted((user for user in users if user["active"] and not user["suspended"]), key=lambda user: user["name"])


def availabilities(session):
    """Status and channels of each agent, by the id of the agent."""
    agents = {}
    for page in cursor_pages(session, "/api/v2/agent_availabilities", **{"page[size]": 10}):
        channels = {item["id"]: item["attributes"] for item in page["included"] if item["type"] == "channels"}
        for item in page["data"]:
            linked = item["relationships"]["channels"]["data"]
            status = item["attributes"]["agent_status"]["name"]
            agents[item["attributes"]["agent_id"]] = status, [channels[link["id"]] for link in linked]
    return agents


def load(channel):
    limit = f"/{channel['max_capacity']}" if "max_capacity" in channel else ""
    return f"{channel['name']} {channel['work_item_count']}{limit}"


def show_group(session, group):
    availability = ask(session, f"{URL}/api/v2/account_groups/availability/{group['id']}")
    states = availability["unified_states"]
    print(f"{group['name']}: " + ", ".join(f"{states[name]} {name}" for name in sorted(states)))
    for name, channel in sorted(availability["channel_group_statuses"].items()):
        counts = channel["state_counts"]
        capacity = channel.get("total_max_capacity")
        limit = f" of {capacity}" if capacity else ""
        print(f"  {name}: {counts['online']} online, load {channel['total_consumed_capacity']}{limit}")


def main():
    session = requests.Session()
    session.auth = f"{os.environ['ZENDESK_EMAIL']}/token", os.environ["ZENDESK_TOKEN"]
    agents = availabilities(session)
    for user in team(session):
        role = "light agent" if user["role_type"] == 1 else user["role"]
        status, channels = agents.get(user["id"], ("no availability", []))
        print(", ".join([f"{user['name']} <{user['email']}> {role}", status, *map(load, channels)]))
    for page in offset_pages(session, "/api/v2/groups.json", per_page=1000):
        for group in page["groups"]:
            show_group(session, group)


main()
