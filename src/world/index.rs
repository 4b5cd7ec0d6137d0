//! The agents in order, and which of them have what: the sets from which a list finds its page without looking at every
//! agent.

use std::collections::BTreeMap;

use super::slots::{self, Slot, SlotSet};
use super::{AgentId, ChannelName, ChannelRecord, ChannelStatus, GroupId, Record, SkillId, StatusId};

/// Something that agents have in common and that can be asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Facet {
    /// In this unified status.
    Status(StatusId),
    /// This status on this channel.
    Channel(ChannelName, ChannelStatus),
    /// So much room on this channel: see [`rung`].
    Room(ChannelName, usize),
    /// In this group.
    Group(GroupId),
    /// This skill.
    Skill(SkillId),
}

/// Free slots up to which each number has a set of its own.
const EXACT_ROOM: u64 = 16;

/// How many rungs of a ladder so many free slots of a channel reach. An agent is in the set of every rung that it
/// reaches, so that one set answers "at least so many": 0, 1, …, 16, and the powers of two from there.
fn rungs(remaining: u64) -> usize {
    let exact = usize::try_from(remaining.min(EXACT_ROOM)).unwrap_or_default() + 1;
    exact + (remaining / EXACT_ROOM).checked_ilog2().unwrap_or(0) as usize
}

/// The highest rung that everybody with so many free slots reaches, and whether nobody else does.
pub(super) fn rung(wanted: u64) -> (usize, bool) {
    (rungs(wanted) - 1, wanted <= EXACT_ROOM || wanted.is_power_of_two())
}

/// How many ids are between two marks.
const STEP: usize = 64;

/// All agents, by id. Its lock holds off writers, so what a walk sees belongs together.
#[derive(Debug, Default)]
pub(super) struct Index {
    ids: Vec<AgentId>,
    /// Every [`STEP`]th of the ids: a search that goes through these first stays within the processor's cache.
    marks: Vec<AgentId>,
    records: Vec<Record>,
    statuses: BTreeMap<StatusId, SlotSet>,
    channels: [[SlotSet; ChannelStatus::ALL.len()]; ChannelName::ALL.len()],
    /// For each channel the rungs that anybody has reached.
    room: [Vec<SlotSet>; ChannelName::ALL.len()],
    groups: BTreeMap<GroupId, SlotSet>,
    skills: BTreeMap<SkillId, SlotSet>,
}

impl FromIterator<Record> for Index {
    fn from_iter<I: IntoIterator<Item = Record>>(records: I) -> Self {
        let mut records: Vec<_> = records.into_iter().collect();
        // Mostly in order already.
        records.sort_by_key(Record::id);
        let mut index = Self { ids: records.iter().map(Record::id).collect(), ..Self::default() };
        index.mark_from(0);
        for (slot, record) in (0..).zip(&records) {
            record.note_slot(slot);
            index.add_facets(slot, record);
        }
        index.records = records;
        index
    }
}

impl Index {
    /// How many agents there are, and so how many slots.
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = AgentId> {
        self.ids.iter().copied()
    }

    pub(super) fn records(&self) -> &[Record] {
        &self.records
    }

    pub(super) fn record(&self, slot: Slot) -> &Record {
        &self.records[slot as usize]
    }

    /// The slot of an agent.
    pub(super) fn slot(&self, id: AgentId) -> Option<Slot> {
        let slot = self.slot_from(id);
        (self.ids.get(slot as usize) == Some(&id)).then_some(slot)
    }

    /// The slot of a record. The one that was noted is mostly right, and a search would look at memory that nothing else
    /// needs.
    fn slot_of(&self, record: &Record) -> Option<Slot> {
        let noted = record.noted_slot();
        let is_there = self.records.get(noted as usize).is_some_and(|there| there.is(record));
        if is_there { Some(noted) } else { self.slot(record.id()) }
    }

    /// The slot of the first agent whose id is not below this one.
    pub(super) fn slot_from(&self, id: AgentId) -> Slot {
        let start = self.marks.partition_point(|mark| *mark <= id).saturating_sub(1) * STEP;
        let near = self.ids.get(start..).unwrap_or_default();
        slots::slot(start + near[..near.len().min(STEP)].partition_point(|other| *other < id))
    }

    /// Marks the ids from this slot on anew.
    fn mark_from(&mut self, slot: Slot) {
        let before = (slot as usize).div_ceil(STEP);
        self.marks.truncate(before);
        self.marks.extend(self.ids.iter().skip(before * STEP).step_by(STEP));
    }

    /// The slot behind the last agent.
    pub(super) fn end(&self) -> Slot {
        slots::slot(self.len())
    }

    /// Who has this; none if nobody ever had.
    pub(super) fn having(&self, facet: &Facet) -> Option<&SlotSet> {
        match facet {
            Facet::Status(id) => self.statuses.get(id),
            Facet::Channel(name, status) => Some(&self.channels[*name as usize][*status as usize]),
            Facet::Room(name, rung) => self.room[*name as usize].get(*rung),
            Facet::Group(id) => self.groups.get(id),
            Facet::Skill(id) => self.skills.get(id),
        }
    }

    fn having_mut(&mut self, facet: Facet) -> &mut SlotSet {
        match facet {
            Facet::Status(id) => self.statuses.entry(id).or_default(),
            Facet::Channel(name, status) => &mut self.channels[name as usize][status as usize],
            Facet::Room(name, rung) => {
                let rungs = &mut self.room[name as usize];
                if rung >= rungs.len() {
                    rungs.resize_with(rung + 1, SlotSet::default);
                }
                &mut rungs[rung]
            }
            Facet::Group(id) => self.groups.entry(id).or_default(),
            Facet::Skill(id) => self.skills.entry(id).or_default(),
        }
    }

    fn sets_mut(&mut self) -> impl Iterator<Item = &mut SlotSet> {
        let by_channel = self.channels.iter_mut().flatten().chain(self.room.iter_mut().flatten());
        self.statuses.values_mut().chain(by_channel).chain(self.groups.values_mut()).chain(self.skills.values_mut())
    }

    /// Adds an agent that is not there yet. One with a higher id than all others is added in no time; any other moves
    /// those behind it.
    pub(super) fn insert(&mut self, record: Record) {
        let slot = self.slot_from(record.id());
        if (slot as usize) < self.len() {
            self.sets_mut().for_each(|set| set.open(slot));
        }
        self.ids.insert(slot as usize, record.id());
        self.mark_from(slot);
        record.note_slot(slot);
        self.add_facets(slot, &record);
        self.records.insert(slot as usize, record);
    }

    /// Adds agents that are not there yet, by id.
    pub(super) fn extend(&mut self, records: Vec<Record>) {
        /// So many agents between others are sooner added one by one than all are put in order anew.
        const FEW: usize = 64;
        let last = self.ids.last().copied();
        if records.iter().take_while(|record| Some(record.id()) < last).count() <= FEW {
            for record in records {
                self.insert(record);
            }
        } else {
            *self = std::mem::take(&mut self.records).into_iter().chain(records).collect();
        }
    }

    /// Puts a newer record of an agent in the place of its old one.
    pub(super) fn replace(&mut self, old: &Record, record: &Record) {
        let Some(slot) = self.slot_of(old) else { return };
        record.note_slot(slot);
        self.records[slot as usize] = record.clone();
        self.change(slot, [Facet::Status(old.status().id)], [Facet::Status(record.status().id)]);
        for name in ChannelName::ALL {
            let [before, after] = [old, record].map(|record| record.channel(*name));
            let status = [before, after].map(|channel| channel.map(|channel| Facet::Channel(*name, channel.status())));
            self.change(slot, status[0].clone(), status[1].clone());
            let room =
                [before, after].map(|channel| channel.and_then(ChannelRecord::remaining_capacity).map_or(0, rungs));
            let between = |low: usize, high: usize| (low..high).map(|rung| Facet::Room(*name, rung));
            self.change(slot, between(room[1], room[0]), between(room[0], room[1]));
        }
        let groups = [old, record].map(|record| record.groups().into_iter().flatten());
        if !groups[0].clone().eq(groups[1].clone()) {
            let [before, after] = groups.map(|groups| groups.map(Facet::Group));
            self.change(slot, before, after);
        }
        let skills = [old, record].map(|record| record.skills().unwrap_or_default());
        if skills[0] != skills[1] {
            let [before, after] = skills.map(|skills| skills.iter().cloned().map(Facet::Skill));
            self.change(slot, before, after);
        }
    }

    pub(super) fn remove(&mut self, id: AgentId) {
        let Some(slot) = self.slot(id) else { return };
        self.ids.remove(slot as usize);
        self.mark_from(slot);
        let record = self.records.remove(slot as usize);
        let slots = self.len();
        each_facet(&record, |facet| self.having_mut(facet).remove(slot, slots));
        self.sets_mut().for_each(|set| set.close(slot));
    }

    fn add_facets(&mut self, slot: Slot, record: &Record) {
        let slots = self.len();
        each_facet(record, |facet| self.having_mut(facet).insert(slot, slots));
    }

    fn change(&mut self, slot: Slot, before: impl IntoIterator<Item = Facet>, after: impl IntoIterator<Item = Facet>) {
        let slots = self.len();
        before.into_iter().for_each(|facet| self.having_mut(facet).remove(slot, slots));
        after.into_iter().for_each(|facet| self.having_mut(facet).insert(slot, slots));
    }
}

fn each_facet(record: &Record, mut each: impl FnMut(Facet)) {
    each(Facet::Status(record.status().id));
    for channel in record.channels() {
        each(Facet::Channel(channel.name(), channel.status()));
        let room = channel.remaining_capacity().map_or(0, rungs);
        (0..room).for_each(|rung| each(Facet::Room(channel.name(), rung)));
    }
    record.groups().into_iter().flatten().for_each(|group| each(Facet::Group(group)));
    record.skills().into_iter().flatten().for_each(|skill| each(Facet::Skill(skill.clone())));
}
