//! What `platformc reach --format json` says.

use std::collections::BTreeMap;
use std::net::IpAddr;

use camino::Utf8Path;
use platformc::cli::reach::{Arguments, Drawing, build};
use platformc::diagnostic::Style;
use platformc::world::World;
use serde_json::Value;

use crate::Failed;

/// Open ports by protocol, from first to last; sorted, no two of them touch.
pub type Ports = Vec<(String, u16, u16)>;

/// From the first address to the last, and what is open on them.
type Range = (IpAddr, IpAddr, Ports);

/// Of one environment.
pub struct Answer {
    pub workloads: Vec<Value>,
    /// By source and target.
    pub pairs: BTreeMap<(String, String), Ports>,
    /// By workload and direction: the ranges of addresses with what is open on them.
    addresses: BTreeMap<(String, String), Vec<Range>>,
}

impl Answer {
    /// Of a platform in an environment, or of the manifests in these folders.
    pub fn of(world: &dyn World, environment: Option<&str>, manifests: &[&str]) -> Result<Self, Failed> {
        let arguments = Arguments {
            from: None,
            to: None,
            file: "platform.yaml".into(),
            environment: environment.map(str::to_owned),
            manifests: manifests.iter().map(Into::into).collect(),
            format: Drawing::Json,
        };
        let said = build(world, Utf8Path::new("platform.yaml"), &arguments, Style::Plain);
        let json: Value = serde_json::from_str(&said.output).map_err(|error| format!("{error}: {}", said.message))?;
        match json["environments"].as_array().map(Vec::as_slice) {
            Some([one]) => Self::read(one),
            _ => Err(format!("not one environment: {}", said.message).into()),
        }
    }

    fn read(json: &Value) -> Result<Self, Failed> {
        let list = |key: &str| json[key].as_array().cloned().ok_or_else(|| format!("there are no {key}"));
        let pairs = list("pairs")?;
        let pairs = pairs.iter().map(|pair| ((text(&pair["from"]), text(&pair["to"])), ports(&pair["open"])));
        let mut addresses = BTreeMap::new();
        for side in list("addresses")? {
            let ranges = side["ranges"].as_array().cloned().unwrap_or_default();
            let ranges = ranges.iter().map(|range| {
                Ok((text(&range["first"]).parse()?, text(&range["last"]).parse()?, ports(&range["open"])))
            });
            let ranges: Result<Vec<_>, Failed> = ranges.collect();
            addresses.insert((text(&side["workload"]), text(&side["direction"])), ranges?);
        }
        Ok(Self { workloads: list("workloads")?, pairs: pairs.collect(), addresses })
    }

    /// What is open between a workload and an address.
    pub fn at(&self, workload: &str, direction: &str, address: IpAddr) -> Ports {
        let ranges = self.addresses.get(&(workload.to_owned(), direction.to_owned()));
        let range = ranges.into_iter().flatten().find(|(first, last, _)| *first <= address && address <= *last);
        range.map(|(_, _, ports)| ports.clone()).unwrap_or_default()
    }
}

/// Ranges as they are listed, in one order, with those that touch made one.
pub fn canonical(mut ports: Ports) -> Ports {
    ports.sort();
    let mut merged: Ports = vec![];
    for (protocol, first, last) in ports {
        match merged.last_mut() {
            Some(before) if before.0 == protocol && first <= before.2.saturating_add(1) => {
                before.2 = before.2.max(last)
            }
            _ => merged.push((protocol, first, last)),
        }
    }
    merged
}

fn ports(json: &Value) -> Ports {
    let number = |json: &Value| json.as_u64().and_then(|number| u16::try_from(number).ok()).unwrap_or_default();
    let ranges = json.as_array().into_iter().flatten();
    canonical(ranges.map(|range| (text(&range["protocol"]), number(&range["first"]), number(&range["last"]))).collect())
}

fn text(json: &Value) -> String {
    json.as_str().unwrap_or_default().to_owned()
}
