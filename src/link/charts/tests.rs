//! Values of charts broken one by one.

use crate::link::tests::mutant;

const ROOT: &str = include_str!("../../../platform.yaml");

fn told(path: &str, from: &str, to: &str, code: &str) {
    let faults = mutant(ROOT, path, from, to);
    assert!(faults.iter().any(|fault| fault.starts_with(code)), "{path}: {from} → {to}: {faults:?}");
}

#[test]
fn the_address_of_a_chart_is_one_that_a_route_leads_from() {
    told("data/airbyte/values.yaml", "https://airbyte.example.com", "https://airbtye.example.com", "E0630");
    told(
        "data/airflow/values.yaml",
        "base_url: https://airflow.example.com",
        "base_url: https://airflow.example.org",
        "E0630",
    );
    told("airbyte-example-com.yaml", "host: airbyte.example.com", "host: airbyte.example.org", "E0630");
}

#[test]
fn a_service_account_or_class_that_a_value_names_is_known() {
    told(
        "data/airbyte/values.yaml",
        "  edition: community\n",
        "  edition: community\n  serviceAccountName: airbyte\n",
        "E0635",
    );
    told(
        "data/airbyte/values.yaml",
        "    volumeClaimValue: 10Gi\n",
        "    volumeClaimValue: 10Gi\n    storageClassName: fast\n",
        "E0607",
    );
}
