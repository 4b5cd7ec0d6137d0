//! The operations of the two APIs as the contract lists them, so that a test can try each of them.

use axum::http::Method;
use serde_json::{Value, json};

use super::{Account, Ask, P, document};

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation {
    pub id: String,
    pub method: Method,
    /// The whole path, with its parameters in braces.
    pub template: String,
    /// Whether agents may call it, besides admins.
    pub for_agents: bool,
    /// Its parameters, with references followed.
    pub parameters: Vec<Value>,
}

/// The operations of Zendesk's two APIs, without those of the control API.
pub fn operations() -> Vec<Operation> {
    let paths = document()["paths"].as_object().expect("paths");
    let of_path = |(template, item): (&String, &Value)| {
        let methods = item
            .as_object()
            .expect("a path item")
            .iter()
            .filter(|(key, _)| *key != "parameters");
        methods
            .map(|(method, operation)| read(template, method, operation))
            .collect::<Vec<_>>()
    };
    paths
        .iter()
        .filter(|(template, _)| template.starts_with(P))
        .flat_map(of_path)
        .collect()
}

fn read(template: &str, method: &str, operation: &Value) -> Operation {
    let id = operation["operationId"].as_str().expect("an id").to_owned();
    let description = operation["description"].as_str().expect("a description");
    let for_agents = match description.trim_end().lines().last() {
        Some("Allowed for admins.") => false,
        Some("Allowed for admins and agents.") => true,
        other => panic!("{id} does not say who may call it: {other:?}"),
    };
    let parameters = operation["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|parameter| {
            let reference = parameter["$ref"]
                .as_str()
                .and_then(|reference| reference.strip_prefix('#'));
            reference
                .map_or(parameter, |pointer| {
                    document().pointer(pointer).expect("a parameter")
                })
                .clone()
        });
    Operation {
        parameters: parameters.collect(),
        id,
        method: method.to_uppercase().parse().expect("a method"),
        template: template.to_owned(),
        for_agents,
    }
}

impl Operation {
    /// Its path below [`P`] for agent 10011 of the demo. For the operation that shows a job, a job
    /// is started.
    pub fn path(&self, account: &Account) -> String {
        let path = self
            .template
            .strip_prefix(P)
            .expect("a path of the two APIs")
            .to_owned();
        let path = path
            .replace("{agent_id}", "10011")
            .replace("{channel}", "messaging");
        if !path.contains("{job_id}") {
            return path;
        }
        let job = account.put(
            "/agent_statuses/agents/update_many?ids=10014",
            &json!({ "id": 2 }),
        );
        path.replace(
            "{job_id}",
            job.at("/job_status/id").as_str().expect("the id of a job"),
        )
    }

    /// A call of it that succeeds, by the admin, with its path changed by `shape`.
    pub fn ask_with_path(&self, account: &Account, shape: impl FnOnce(&str) -> String) -> Ask {
        let query = if self.id == "update_many_agent_statuses" {
            "?ids=10011,10013"
        } else {
            ""
        };
        let ask = Ask::new(
            self.method.clone(),
            &format!("{}{query}", shape(&self.path(account))),
        );
        if self.method == Method::PUT {
            ask.json(&json!({ "id": 4 }))
        } else {
            ask
        }
    }

    /// A call of it that succeeds, by the admin.
    pub fn ask(&self, account: &Account) -> Ask {
        self.ask_with_path(account, str::to_owned)
    }

    /// The names of its query parameters.
    pub fn query_parameters(&self) -> impl Iterator<Item = &str> {
        let in_query = self
            .parameters
            .iter()
            .filter(|parameter| parameter["in"] == "query");
        in_query.map(|parameter| parameter["name"].as_str().expect("a name"))
    }
}
