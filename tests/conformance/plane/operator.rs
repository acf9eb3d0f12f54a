//! A stand-in for the operator that writes Secrets: of each ExternalSecret it writes the Secret, with the keys that it names,
//! and says that it is ready. `helmfile sync` waits for that.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use crate::server::Server;
use crate::{Failed, process};

const KIND: &str = "externalsecrets.external-secrets.io";

/// Runs something while the operator is at work.
pub fn beside<R>(server: &Server, work: impl FnOnce() -> Result<R, Failed>) -> Result<R, Failed> {
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let operator = scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                once(server)?;
                std::thread::sleep(Duration::from_secs(2));
            }
            Ok::<(), Failed>(())
        });
        let result = work();
        is_over.store(true, Ordering::Relaxed);
        operator.join().map_err(|_| "the operator panicked")??;
        result
    })
}

/// Serves what waits.
pub fn once(server: &Server) -> Result<(), Failed> {
    let said = process::run(server.kubectl()?.args(["get", KIND, "--all-namespaces", "--output", "json"]))?;
    if !said.succeeded {
        // Before its CRD is there it has nothing to do.
        return Ok(());
    }
    let list: Value = serde_json::from_str(&said.out)?;
    let all = list["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    let waiting: Vec<&Value> = all.iter().filter(|item| item["status"]["conditions"].is_null()).collect();
    if waiting.is_empty() {
        return Ok(());
    }
    let secrets: Vec<Value> = waiting.iter().map(|item| secret(item)).collect();
    process::feed_must(server.kubectl()?.args(["apply", "--server-side", "-f", "-"]), &listed(&secrets))?;
    let ready: Vec<Value> = waiting.iter().map(|item| ready(item)).collect();
    process::feed_must(server.kubectl()?.args(["replace", "--subresource=status", "-f", "-"]), &listed(&ready))
}

fn listed(items: &[Value]) -> String {
    json!({"apiVersion": "v1", "kind": "List", "items": items}).to_string()
}

fn secret(external: &Value) -> Value {
    let target = external["spec"]["target"]["name"].as_str().or(external["metadata"]["name"].as_str());
    let keys = external["spec"]["data"].as_array().map(Vec::as_slice).unwrap_or_default();
    let data: serde_json::Map<String, Value> =
        keys.iter().filter_map(|key| Some((key["secretKey"].as_str()?.to_owned(), json!("secret")))).collect();
    let metadata = json!({"name": target, "namespace": external["metadata"]["namespace"]});
    json!({"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": data})
}

fn ready(external: &Value) -> Value {
    let mut external = external.clone();
    external["status"]["conditions"] = json!([{"type": "Ready", "status": "True", "reason": "SecretSynced"}]);
    external
}
