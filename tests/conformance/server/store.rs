//! A cluster that forgets: what came to it is taken out of its etcd, so that the next tree finds nothing of the one before.
//!
//! Its programs see that as they see every deletion. To delete through the API server would be to wait for every controller
//! that has a say in it; and a new cluster for each tree costs ten times as much.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use super::Server;
use crate::{Failed, http};

/// Keys of etcd, as it writes them in JSON.
pub type Keys = BTreeSet<String>;

/// A controller that has not yet seen that an object is gone may write of it once more.
const ROUNDS: usize = 20;
const SETTLED: Duration = Duration::from_millis(300);

impl Server<'_> {
    /// All that is there.
    pub fn keys(&self) -> Result<Keys, Failed> {
        // From the byte 0, to the end.
        let found = self.ask_store("range", &json!({"key": "AA==", "range_end": "AA==", "keys_only": true}))?;
        let keys = found["kvs"].as_array().into_iter().flatten();
        Ok(keys.filter_map(|pair| Some(pair["key"].as_str()?.to_owned())).collect())
    }

    /// Takes out what was not there before.
    pub fn forget(&self, before: &Keys) -> Result<(), Failed> {
        for _ in 0..ROUNDS {
            let all = self.keys()?;
            let new: Vec<Value> =
                all.difference(before).map(|key| json!({"request_delete_range": {"key": key}})).collect();
            if new.is_empty() {
                return Ok(());
            }
            self.ask_store("txn", &json!({"success": new}))?;
            std::thread::sleep(SETTLED);
        }
        Err("what was taken out of etcd comes again and again".into())
    }

    fn ask_store(&self, what: &str, question: &Value) -> Result<Value, Failed> {
        let path = format!("/v3/kv/{what}");
        let (status, body) = http::post(&self.store, &path, "application/json", &question.to_string())?;
        if status == "200" { Ok(serde_json::from_str(&body)?) } else { Err(format!("etcd: {status} {body}").into()) }
    }
}
