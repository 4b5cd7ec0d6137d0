"""A workforce sync: sets the statuses that a shift plan says, many agents at a time.

The plan names agents by e-mail address and statuses by name.
"""

import os
import time

import requests

URL = os.environ["ZENDESK_URL"]
STATUSES = "/api/v2/agent_availabilities/agent_statuses"
PLAN = {
    "In a meeting": ["agent@example.com", "bruno@example.com", "priya@example.com"],
    "Month-end closing": ["dmitri@example.com", "kofi@example.com"],
    "online": ["ximena@example.com", "retired@example.com"],
}
INTERVAL = 0.05  # seconds between two looks at a job

session = requests.Session()
session.headers["Authorization"] = f"Bearer {os.environ['ZENDESK_ACCESS_TOKEN']}"


def call(method, path, **options):
    answer = session.request(method, f"{URL}{path}", timeout=10, **options)
    answer.raise_for_status()
    return answer.json()


def find(email):
    """The id of the agent with an address, if there is one."""
    found = call("GET", "/api/v2/users/search.json", params={"query": f"email:{email}"})
    ids = [user["id"] for user in found["users"] if user["role"] != "end-user"]
    if not ids:
        print(f"{email} is not here")
    return ids[0] if ids else None


def status_ids():
    statuses = call("GET", STATUSES, params={"page[size]": 100})
    return {status["attributes"]["name"]: status["id"] for status in statuses["default"] + statuses["custom"]}


def finish(job):
    """The job when it has come to its end."""
    while job["status"] not in ("completed", "failed"):
        time.sleep(INTERVAL)
        job = call("GET", f"{STATUSES}/job_statuses/{job['id']}")
    return job


def main():
    ids = status_ids()
    for name, emails in PLAN.items():
        agents = [agent for agent in map(find, emails) if agent]
        update = call("PUT", f"{STATUSES}/agents/update_many", params={"ids": ",".join(map(str, agents))}, json={"id": ids[name]})
        job = update["job_status"]
        print(f"{name}: {job['status']}, {job['total']} agents")
        job = finish(job)
        print(f"{name}: {job['status']}, {job['progress']} of {job['total']}")
        for result in job["results"]:
            print(f"  {result['id']}: {result['status'] if result['success'] else result['error']}")
        after = call("GET", "/api/v2/agent_availabilities", params={"filter[agent_id]": ",".join(map(str, agents))})
        for item in after["data"]:
            status = item["attributes"]["agent_status"]
            print(f"  {item['attributes']['agent_id']}: {status['name']}, {status['reason']}")


main()
