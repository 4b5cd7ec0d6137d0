"""What a program does with libzapi: its calls for availabilities, statuses, groups, capacity rules and Talk."""

import os

from libzapi import AgentAvailability, Ticketing, Voice

URL = os.environ["ZENDESK_URL"]
LOGIN = {"email": os.environ["ZENDESK_EMAIL"], "api_token": os.environ["ZENDESK_TOKEN"]}


def availabilities(api):
    agents = list(api.list_all())
    print(f"{len(agents)} agents, {sum(len(agent.channels) for agent in agents)} channels")
    agent = api.get(10011)
    print(agent.agent_status["name"], agent.group_ids, [channel["name"] for channel in agent.channels])
    print([item.reason for item in api.work_items(10011, "support")])
    print(api.get_me().agent_status["name"], [item.reason for item in api.my_work_items("support")])


def statuses(api):
    print([status.name for status in api.list_all()])
    print([status.name for status in api.list_me()])
    print(api.update_agent(10012, 4)["data"]["attributes"]["agent_status"])
    print(api.update_me(3)["data"]["attributes"]["agent_status"])
    job = api.bulk_update([10013, 10014], 3)["job_status"]
    done = api.get_job_status(job["id"])
    print(done.status, done.progress, [result["status"] for result in done.results])


def users(ticketing):
    print(len(list(ticketing.users.list_all())))
    print([user.email for user in ticketing.users.list_by_group(44)])
    user = ticketing.users.get_by_id(20001)
    print(user.name, user.role, user.role_type, user.active, user.photo)


def groups(ticketing, api):
    for group in ticketing.groups.list_all():
        availability = api.get(group.id)
        print(group.name, group.is_public, sorted(availability.unified_states.items()))
    print([group.name for group in ticketing.groups.list_user(10011)])
    print(ticketing.groups.get_by_id(42).name)


def capacity_rules(api):
    for rule in api.list_all():
        same = api.get(rule.id)
        print(same.default, sorted(same.capacities.items()), same.assignees["count"])
        assignees = list(api.list_rule_assignees(rule.id))
        print(len(assignees), {assignee.capacity_rule_id == rule.id for assignee in assignees})
    print(len(list(api.list_assignees())))


def talk(api):
    print(api.availabilities.get(10022))
    print(api.availabilities.update(10023, via="phone"))
    for agent in api.stats.agents_activity(group_ids=[43]):
        print(agent.agent_id, agent.name, agent.agent_state, agent.call_status, agent.via, agent.total_talk_time)
    print(len(api.stats.agents_activity()), api.stats.current_queue_activity().agents_online)


def main():
    api = AgentAvailability(URL, **LOGIN)
    availabilities(api.availabilities)
    statuses(api.unified_agent_statuses)
    ticketing = Ticketing(URL, **LOGIN)
    users(ticketing)
    groups(ticketing, api.account_group_availability)
    capacity_rules(api.capacity_rules)
    talk(Voice(URL, **LOGIN))


main()
