"""A router: opens a ticket and gives it to the agent who has least to do on a channel.

An agent whose last free slot is taken gets work from other agents only.
"""

import os

import requests

URL = os.environ["ZENDESK_URL"]
CHANNEL = "support"


class Zendesk:
    def __init__(self):
        self.session = requests.Session()
        self.session.auth = f"{os.environ['ZENDESK_EMAIL']}/token", os.environ["ZENDESK_TOKEN"]

    def call(self, method, path, **options):
        url = path if path.startswith(URL) else f"{URL}{path}"
        answer = self.session.request(method, url, timeout=10, **options)
        answer.raise_for_status()
        return answer.json()

    def agent_ids(self):
        url = "/api/v2/users.json?role[]=agent&role[]=admin"
        while url:
            page = self.call("GET", url)
            yield from (user["id"] for user in page["users"] if user["active"])
            url = page["next_page"]

    def least_busy(self):
        """The agent with the fewest work items, the number of free slots, and a group of the agent."""
        candidates = self.call(
            "GET",
            "/api/v2/agent_availabilities",
            params={
                "filter[agent_id]": ",".join(map(str, self.agent_ids())),
                "filter[channel_status]": f"{CHANNEL}:online",
                "filter[remaining_capacity]": f"{CHANNEL}:1",
                "select_channel": CHANNEL,
            },
        )
        channels = {item["id"]: item["attributes"] for item in candidates["included"] if item["type"] == "channels"}
        loads = []
        for item in candidates["data"]:
            (link,) = item["relationships"]["channels"]["data"]
            channel, agent = channels[link["id"]], item["attributes"]
            free = channel["max_capacity"] - channel["work_item_count"]
            loads.append((channel["work_item_count"], free, agent["agent_id"], agent["group_ids"][0]))
        print(f"{len(loads)} agents have room")
        _, free, agent_id, group_id = min(loads)
        return agent_id, free, group_id

    def open_ticket(self, subject):
        ticket = {
            "subject": subject,
            "comment": {"body": "I would like to speak to a person."},
            "priority": "normal",
            "requester": {"name": "Visitor", "email": "visitor@example.com"},
        }
        return self.call("POST", "/api/v2/tickets.json", json={"ticket": ticket})["ticket"]

    def assign(self, ticket, agent_id, group_id):
        body = {"ticket": {"assignee_id": agent_id, "group_id": group_id}}
        return self.call("PUT", f"/api/v2/tickets/{ticket['id']}.json", json=body)["ticket"]

    def status_id(self, name):
        statuses = self.call("GET", "/api/v2/agent_availabilities/agent_statuses")
        return next(status["id"] for status in statuses["default"] if status["attributes"]["name"] == name)

    def set_status(self, agent_id, name):
        path = f"/api/v2/agent_availabilities/agent_statuses/agents/{agent_id}"
        answer = self.call("PUT", path, json={"id": self.status_id(name)})
        return answer["data"]["attributes"]["agent_status"]["name"]


def main():
    zendesk = Zendesk()
    ticket = zendesk.open_ticket("Visitor asks for a person")
    print(f"{ticket['subject']}, {ticket['priority']}, has an id: {isinstance(ticket['id'], int)}")
    agent_id, free, group_id = zendesk.least_busy()
    assigned = zendesk.assign(ticket, agent_id, group_id)
    print(f"assigned to {assigned['assignee_id']} of group {assigned['group_id']}, who had {free} free")
    if free == 1:
        print(f"{agent_id} is now {zendesk.set_status(agent_id, 'transfers_only')}")


main()
