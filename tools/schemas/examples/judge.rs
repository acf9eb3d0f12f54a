//! `judge VERSION FILES…`: what the written schemas say of manifests; to try the schemas on real ones.

#[path = "../tests/support/mod.rs"]
mod support;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let version = arguments.next().expect("usage: judge VERSION FILES...");
    for file in arguments {
        let text = std::fs::read_to_string(&file).expect("a readable file");
        for object in support::objects(&text) {
            for fault in support::faults(&version, &object) {
                println!("{file}: {} {fault}", object["kind"].as_str().unwrap_or("?"));
            }
        }
    }
}
