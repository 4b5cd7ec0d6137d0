//! Lists of agents and of work items, compared with the model's.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::agents::{self, Refusal};
use super::operation::{self, Place};
use super::{Pair, rendered};
use crate::harness::{Answer, Ask, P};

impl Pair {
    pub(super) fn list(
        &mut self,
        filter: &[operation::Filter],
        select: Option<&'static str>,
        size: Option<usize>,
        place: Place,
    ) {
        let mut parameters: Vec<_> = filter.iter().map(operation::Filter::parameter).collect();
        parameters.extend(select.map(|channel| format!("select_channel={channel}")));
        parameters.extend(size.map(|size| format!("page[size]={size}")));
        let start = parameters
            .iter()
            .cloned()
            .chain(place.parameter())
            .collect::<Vec<_>>()
            .join("&");
        let answer = self.send(&Ask::get(&format!("?{start}")));
        let needs_routing: BTreeSet<_> = filter
            .iter()
            .filter(|filter| filter.needs_routing())
            .map(operation::Filter::name)
            .collect();
        if !self.agents.routing && !needs_routing.is_empty() {
            assert_eq!(answer.status, 400, "{}", answer.text());
            // One error for each of these parameters, however often it is given.
            assert_eq!(
                answer.codes(),
                vec!["InvalidParameter"; needs_routing.len()]
            );
            return;
        }
        let size = size.unwrap_or(3).min(100);
        let page = self.expected_page(filter, size, place);
        self.expect_page(&answer, &page, select);
        let follow = |link: Value| {
            link.as_str()
                .map(|link| link.replace(&format!("http://localhost{P}"), ""))
        };
        if let Some(next) = follow(answer.at("/links/next")) {
            let place = Place::After(*page.ids.last().expect("an empty page has no links"));
            let following = self.send(&Ask::get(&next));
            self.expect_page(&following, &self.expected_page(filter, size, place), select);
        }
        if let Some(prev) = follow(answer.at("/links/prev")) {
            let place = Place::Before(*page.ids.first().expect("an empty page has no links"));
            let preceding = self.send(&Ask::get(&prev));
            self.expect_page(&preceding, &self.expected_page(filter, size, place), select);
        }
    }

    fn expected_page(
        &self,
        filter: &[operation::Filter],
        size: usize,
        place: Place,
    ) -> rendered::Page {
        let matching = self.agents.sorted().into_iter().filter(|agent| {
            // If a filter is given twice, the last one counts.
            let counts = |index: usize| {
                !filter[index + 1..]
                    .iter()
                    .any(|other| other.name() == filter[index].name())
            };
            let fits = |(index, filter): (usize, &operation::Filter)| {
                !counts(index) || filter.matches(agent)
            };
            filter.iter().enumerate().all(fits)
        });
        rendered::page(
            &matching.map(|agent| agent.id).collect::<Vec<_>>(),
            size,
            place,
        )
    }

    fn expect_page(&self, answer: &Answer, page: &rendered::Page, select: Option<&str>) {
        let (mut data, mut included) = (Vec::new(), Vec::new());
        for id in &page.ids {
            let agent = self.agents.get(*id).expect("it is on the page");
            let (resource, of_agent) =
                rendered::agent(agent, self.agents.routing, select, &format!("/{id}"));
            data.push(resource);
            included.extend(of_agent);
        }
        let mut found = answer.json();
        let links = found
            .as_object_mut()
            .and_then(|body| body.remove("links"))
            .unwrap_or_default();
        assert_eq!(
            found,
            json!({ "data": data, "included": included, "meta": page.meta() })
        );
        assert_eq!(
            (links["prev"].is_null(), links["next"].is_null()),
            (!page.has_previous, !page.has_next),
            "{links}"
        );
    }

    pub(super) fn document(&self, agent: &agents::Agent, links_of: &str) -> Value {
        let (data, included) = rendered::agent(agent, self.agents.routing, None, links_of);
        json!({ "data": data, "included": included })
    }

    pub(super) fn work_items(
        &mut self,
        id: u64,
        channel: &'static str,
        newest_first: bool,
        place: Place,
    ) {
        let path = format!("/{id}/channels/{channel}/relationships/work_items?page[size]=2");
        let sort = newest_first.then(|| "sort=-added_at".to_owned());
        let path = place
            .parameter()
            .into_iter()
            .chain(sort)
            .fold(path, |path, parameter| path + "&" + &parameter);
        let answer = self.send(&Ask::get(&path));
        let Some(found) = self.agents.get(id).and_then(|agent| agent.channel(channel)) else {
            return self.refused(&answer, Refusal::NoAgent);
        };
        // A cursor is the id of an item. Its place is where the item is or was.
        let arrivals: Vec<_> = found
            .items
            .iter()
            .map(|item| (item.added_at, item.id))
            .collect();
        let place_of = |item: u64| {
            let held = arrivals.iter().find(|(_, id)| *id == item).copied();
            held.or_else(|| {
                self.agents
                    .departed
                    .get(&(id, channel, item))
                    .map(|added_at| (*added_at, item))
            })
        };
        let place = match place {
            Place::First => Place::First,
            Place::After(item) => match place_of(item) {
                Some(arrival) => Place::After(arrival),
                None => return self.refused(&answer, Refusal::NoCursor),
            },
            Place::Before(item) => match place_of(item) {
                Some(arrival) => Place::Before(arrival),
                None => return self.refused(&answer, Refusal::NoCursor),
            },
        };
        // With the newest first, it is the same page from the other side.
        let place = match place {
            place if !newest_first => place,
            Place::First => arrivals
                .last()
                .map_or(Place::First, |(last, _)| Place::Before((*last, u64::MAX))),
            Place::After(arrival) => Place::Before(arrival),
            Place::Before(arrival) => Place::After(arrival),
        };
        let page = rendered::page(&arrivals, 2, place);
        let items = found
            .items
            .iter()
            .filter(|item| page.ids.contains(&(item.added_at, item.id)));
        let mut data: Vec<_> = items
            .map(|item| rendered::work_item(id, channel, item))
            .collect();
        let mut beyond = [page.has_previous, page.has_next];
        if newest_first {
            data.reverse();
            beyond.reverse();
        }
        assert_eq!(answer.at("/data"), Value::from(data));
        assert_eq!(answer.at("/meta/has_more"), beyond[1]);
        assert_eq!(
            answer.at("/links/prev").is_null(),
            !beyond[0],
            "{}",
            answer.text()
        );
    }
}
