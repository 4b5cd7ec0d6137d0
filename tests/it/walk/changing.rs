//! Walks while agents are added, removed and changed between the pages.

use std::collections::{BTreeMap, BTreeSet};

use zendesk_availability_emulator::world::{
    AgentId, ChannelName, ChannelStatus, GroupId, StatusId, StatusReason, WorkItem, WorkItemId,
    WorkItemReason,
};

use super::{AGENTS, Numbered, Page, account, backward, forward, page};
use crate::harness::{Account, FROM_THE_END, P};

/// What filters match in an agent, as the test has changed it.
#[derive(Clone, Debug)]
struct Facts {
    status: u64,
    groups: Vec<u64>,
    /// Work items on messaging, of 3 slots, if the agent has that channel.
    held: Option<u64>,
    online: bool,
}

impl From<Numbered> for Facts {
    fn from(it: Numbered) -> Self {
        let has_messaging = it.has(ChannelName::Messaging);
        Self {
            status: it.status().0,
            groups: it.groups(),
            held: has_messaging.then(|| it.held()),
            online: has_messaging && it.status().1 == ChannelStatus::Online,
        }
    }
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// An account, and what the test knows of its agents.
struct Changing {
    account: Account,
    known: BTreeMap<u64, Facts>,
    dice: Dice,
}

impl Changing {
    /// Changes an agent and returns its number: the one that the cursor names, one close to it or
    /// any.
    fn change(&mut self, place: u64) -> u64 {
        let wanted = match self.dice.below(20) {
            0 => place,
            1..10 => (place + self.dice.below(140)).saturating_sub(70),
            _ => self.dice.below(7 * AGENTS),
        };
        let Some((&id, _)) = self.known.range(wanted..).next() else {
            return wanted;
        };
        let (world, now) = (self.account.world(), self.account.now());
        match self.dice.below(6) {
            0 => {
                world.remove_agent(AgentId(id)).expect("the agent is there");
                self.known.remove(&id);
            }
            // A new agent, half of the time between two existing ones.
            1 => {
                let it = Numbered(self.dice.below(AGENTS));
                let mut agent = it.agent(&self.account);
                agent.id = AgentId(wanted);
                if self.account.add_agent(&agent).is_ok() {
                    self.known.insert(wanted, it.into());
                }
                return wanted;
            }
            kind @ (2 | 3) => {
                let status = if kind == 2 { 3 } else { 4 };
                world
                    .set_status(AgentId(id), StatusId(status), StatusReason::PublicApi, now)
                    .expect("it may");
                let facts = self.known.get_mut(&id).expect("it is known");
                facts.status = status;
                facts.online = facts.held.is_some() && status == 3;
            }
            4 => {
                let groups = vec![if self.dice.below(2) == 0 { 9 } else { 1 }];
                let ids: Vec<_> = groups.iter().copied().map(GroupId).collect();
                self.account
                    .set_groups(AgentId(id), &ids)
                    .expect("the groups are there");
                self.known.get_mut(&id).expect("it is known").groups = groups;
            }
            _ => {
                let facts = self.known.get_mut(&id).expect("it is known");
                let Some(held) = facts.held.as_mut() else {
                    return id;
                };
                let item = WorkItem::new(WorkItemId(*held), now, WorkItemReason::Offered);
                world
                    .add_work_item(AgentId(id), ChannelName::Messaging, item, now)
                    .expect("it has the channel");
                *held += 1;
            }
        }
        id
    }

    /// Walks while agents change between the pages, and checks the pages.
    fn walk(&mut self, filter: &str, size: usize, matches: fn(&Facts) -> bool, backwards: bool) {
        let context = format!("{filter} in pages of {size}, backwards: {backwards}");
        let matching = self
            .known
            .iter()
            .filter(|(_, facts)| matches(facts))
            .map(|(id, _)| *id);
        let mut throughout: BTreeSet<_> = matching.collect();
        let mut ever = throughout.clone();
        let mut seen = Vec::new();
        let cursor = if backwards { FROM_THE_END } else { "" };
        let start = format!("{P}?{filter}&page[size]={size}&{cursor}");
        let onward: fn(&Page) -> Option<&String> = if backwards { backward } else { forward };
        let mut next = Some(start);
        while let Some(link) = next {
            let found = page(&self.account, &link);
            assert!(
                found.ids.windows(2).all(|pair| pair[0] < pair[1]),
                "{context}: not in order: {:?}",
                found.ids
            );
            let match_now = found
                .ids
                .iter()
                .all(|id| self.known.get(id).is_some_and(matches));
            assert!(match_now, "{context}: one does not match: {:?}", found.ids);
            next = onward(&found).cloned();
            let place = if backwards {
                found.ids.first()
            } else {
                found.ids.last()
            };
            let place = place.copied().unwrap_or_default();
            let goes_on = |last: &u64| {
                found
                    .ids
                    .iter()
                    .all(|id| if backwards { id < last } else { id > last })
            };
            assert!(
                seen.last().is_none_or(goes_on),
                "{context}: {:?} after {:?}",
                found.ids,
                seen.last()
            );
            seen.extend(if backwards {
                found.ids.into_iter().rev().collect()
            } else {
                found.ids
            });
            for _ in 0..40 {
                let id = self.change(place);
                if self.known.get(&id).is_some_and(matches) {
                    ever.insert(id);
                } else {
                    throughout.remove(&id);
                }
            }
        }
        let distinct: BTreeSet<_> = seen.iter().copied().collect();
        assert_eq!(
            distinct.len(),
            seen.len(),
            "{context}: an agent was seen twice"
        );
        let skipped: Vec<_> = throughout.difference(&distinct).collect();
        assert!(
            skipped.is_empty(),
            "{context}: {skipped:?} matched throughout and were skipped"
        );
        assert!(distinct.is_subset(&ever), "{context}");
        assert!(
            throughout.len() > size * 3,
            "{context}: only {} matched throughout",
            throughout.len()
        );
    }
}

/// Assumed: no agent occurs twice, and none is skipped that existed and matched throughout.
#[test]
fn a_walk_keeps_its_place_while_agents_change() {
    let known = (0..AGENTS)
        .map(|number| (Numbered(number).id(), Numbered(number).into()))
        .collect();
    let mut changing = Changing {
        account: account(AGENTS),
        known,
        dice: Dice(1),
    };
    for backwards in [false, true] {
        changing.walk(
            "filter[agent_status_id]=5",
            90,
            |it| it.status == 5,
            backwards,
        );
        changing.walk(
            "filter[group_id]=9",
            40,
            |it| it.groups.contains(&9),
            backwards,
        );
        changing.walk(
            "filter[channel_status]=messaging:online",
            10,
            |it| it.online,
            backwards,
        );
        let has_room = |it: &Facts| it.held.is_some_and(|held| held <= 1) && it.status != 3;
        changing.walk(
            "filter[remaining_capacity]=messaging:2&filter[agent_status_id]=2,4,5",
            25,
            has_room,
            backwards,
        );
    }
}
