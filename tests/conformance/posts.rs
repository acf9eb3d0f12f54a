//! Texts, posted as they are: a client would drop a key that stands twice before the API server sees it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::server::Server;
use crate::{Failed, http, process};

/// `kubectl proxy`: the API server without TLS and credentials.
pub struct Posts {
    proxy: Child,
    address: String,
    /// By `apiVersion` and `kind`: where objects are made.
    paths: BTreeMap<(String, String), String>,
}

impl Posts {
    pub fn to(server: &Server) -> Result<Self, Failed> {
        let paths = paths(&process::must(server.kubectl()?.args(["api-resources", "--no-headers"]))?);
        let mut command = server.kubectl()?;
        let mut proxy = command.args(["proxy", "--port=0"]).stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(proxy.stdout.take().ok_or("kubectl proxy without an output")?).read_line(&mut line)?;
        let address = line.trim().strip_prefix("Starting to serve on ").ok_or_else(|| line.clone())?.to_owned();
        Ok(Self { proxy, address, paths })
    }

    /// Why the API server refuses a text; none: it takes it. Nothing is made.
    pub fn refused(&self, text: &str) -> Result<Option<String>, Failed> {
        let field =
            |key: &str| text.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default().trim().to_owned();
        let (version, kind) = (field("apiVersion:"), field("kind:"));
        let Some(path) = self.paths.get(&(version.clone(), kind.clone())) else {
            return Ok(Some(format!("no kind `{kind}` in `{version}`")));
        };
        let path = format!("{path}?dryRun=All&fieldValidation=Strict");
        let (status, body) = http::post(&self.address, &path, "application/yaml", text)?;
        if status == "201" {
            return Ok(None);
        }
        let told: Option<Value> = serde_json::from_str(&body).ok();
        let message = told.as_ref().and_then(|told| told["message"].as_str());
        message.map(|message| Some(message.to_owned())).ok_or_else(|| format!("{status} {body}").into())
    }
}

impl Drop for Posts {
    fn drop(&mut self) {
        let _ = self.proxy.kill();
        let _ = self.proxy.wait();
    }
}

/// Lines of `NAME [SHORTNAMES] APIVERSION NAMESPACED KIND`.
fn paths(table: &str) -> BTreeMap<(String, String), String> {
    let rows = table.lines().filter_map(|line| {
        let cells: Vec<&str> = line.split_whitespace().collect();
        let [name, .., version, namespaced, kind] = cells.as_slice() else { return None };
        let root = if version.contains('/') { "apis" } else { "api" };
        let namespace = if *namespaced == "true" { "namespaces/default/" } else { "" };
        Some((((*version).to_owned(), (*kind).to_owned()), format!("/{root}/{version}/{namespace}{name}")))
    });
    rows.collect()
}
