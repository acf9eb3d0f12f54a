//! A platform of services as teams write them: most alike, some with a route, jobs, workers, a patch or two.

use std::fmt::Write;

/// The platform.yaml of about so many objects.
///
/// A service has eight or nine: ServiceAccount, Deployment, Service, autoscaler, budget, policy, ServiceMonitor,
/// ExternalSecret, HTTPRoute; a job and a worker have fewer.
pub fn of(objects: usize, kubernetes: &[&str]) -> String {
    let mut text = format!(
        "name: bench\ndomain: example.com\nkubernetes: {kubernetes:?}\nmonitoring: kube-prometheus-stack\n\
         dataIntegration: {{provider: airbyte, values: {{server: {{extraEnv: []}}}}}}\n\
         ingress: {{provider: gateway-api, class: bench, controller: {{namespace: gateways, pods: {{app: gateway}}}}}}\n\
         secrets: {{provider: external-secrets, store: {{name: bench}}}}\nservices:\n",
    );
    let services = objects / 8;
    for number in 0..services {
        service(&mut text, number);
    }
    text.push_str("patches:\n");
    for number in (0..services).filter(|number| is_web(*number)).step_by(10) {
        let _ = writeln!(
            text,
            "  Deployment/service-{number}:\n    spec:\n      template:\n        spec:\n          containers:\n            \
             - {{name: service-{number}, lifecycle: {{preStop: {{sleep: {{seconds: 5}}}}}}}}",
        );
    }
    text
}

fn is_web(number: usize) -> bool {
    !matches!(number % 10, 3 | 7)
}

fn service(text: &mut String, number: usize) {
    let _ = write!(
        text,
        "  service-{number}:\n    namespace: team-{}\n    image: ghcr.io/bench/service:1.{number}.0\n    \
         secrets: {{service-{number}-keys: [KEY]}}\n    env: {{LEVEL: info, REGION: eu}}\n",
        number % 20,
    );
    text.push_str(match number % 10 {
        3 => "    schedule: \"0 6 * * *\"\n    resources: {requests: {cpu: 100m, memory: 64Mi}}\n",
        7 => "    connects: {database: {host: postgres.example.com, cidrs: [10.20.0.0/16], port: 5432}}\n",
        _ => {
            "    port: 8080\n    health: /health\n    metrics: /metrics\n    scale: {min: 2, max: 5, cpu: 70%}\n    minAvailable: 1\n"
        }
    });
    if is_web(number) && number.is_multiple_of(2) {
        let _ = writeln!(text, "    route: {{host: api, path: /service-{number}}}");
    }
}
