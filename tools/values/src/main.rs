//! `platformc-values [--open=dotted.path]… [--unread] CHART COMPONENT`: reads an unpacked chart, writes `COMPONENT/values.schema.json`.

use std::path::Path;
use std::process::ExitCode;

use platformc_values::{Chart, Wishes, text};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (options, folders): (Vec<&String>, Vec<&String>) = arguments.iter().partition(|argument| argument.starts_with("--"));
    let [chart, component] = folders.as_slice() else {
        eprintln!("usage: platformc-values [--open=dotted.path]... [--unread] CHART COMPONENT");
        return ExitCode::from(2);
    };
    let open = options.iter().filter_map(|option| option.strip_prefix("--open=")).map(str::to_owned).collect();
    let wishes = Wishes { open, unread: options.iter().any(|option| *option == "--unread") };
    match write(Path::new(chart), Path::new(component), &wishes) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn write(chart: &Path, component: &Path, wishes: &Wishes) -> Result<(), String> {
    let chart = Chart::read(chart)?;
    let path = component.join("values.schema.json");
    std::fs::write(&path, text(&chart, wishes)).map_err(|error| format!("{}: {error}", path.display()))
}
