//! Any input gets an answer: damaged platforms and damaged components compile to trees or to faults, never to a panic, and
//! every fault stands inside a text that it can be shown in.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use clap::{Parser, ValueEnum};
use platformc::cli::{Cli, Command, lint};
use platformc::diagnostic::{Format, Sink, Style, render};
use platformc::source::{Sources, Span};
use platformc::world::{Memory, World};
use platformc::{Request, compile};
use proptest::prelude::*;
use proptest::sample::Index;

const PLATFORM: &str = include_str!("../platform.yaml");
const COMPONENT: &str = include_str!("../templates/service/component.yaml");
const TEMPLATE: &str = include_str!("../templates/service/deployment.yaml.j2");
const SMALL: &str =
    "name: acme\ndomain: example.com\nservices:\n  api: {namespace: apps, image: acme/api:1.0.0, port: 80}\n";

const MANIFESTS: &str = include_str!("lint/shop/web.yaml");
const CRD: &str = include_str!("../src/validate/crds/tests/widgets.yaml");
const KUSTOMIZATION: &str = "\
namespace: shop
resources: [web.yaml, ../m]
labels: [{pairs: {app: web}, includeSelectors: true}]
patches: [{path: patch.yaml}]
configMapGenerator: [{name: a, literals: [b=c], files: [d=e], envs: [.env]}]
";

/// One way to damage a text.
#[derive(Debug, Clone)]
enum Damage {
    Cut(Index),
    Flip(Index, u8),
    WithoutLine(Index),
    TwiceTheLine(Index),
    SwapLines(Index, Index),
    Indented(Index, usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<Index>;
    prop_oneof![
        at().prop_map(Damage::Cut),
        (at(), 1_u8..).prop_map(|(at, bits)| Damage::Flip(at, bits)),
        at().prop_map(Damage::WithoutLine),
        at().prop_map(Damage::TwiceTheLine),
        (at(), at()).prop_map(|(one, other)| Damage::SwapLines(one, other)),
        (at(), 0_usize..8).prop_map(|(at, columns)| Damage::Indented(at, columns)),
    ]
}

impl Damage {
    fn done_to(&self, text: &[u8]) -> Vec<u8> {
        let mut bytes = text.to_vec();
        let mut lines: Vec<Vec<u8>> = text.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        let count = lines.len();
        match self {
            Self::Cut(at) => bytes.truncate(at.index(text.len().max(1))),
            Self::Flip(at, bits) => bytes.get_mut(at.index(text.len().max(1))).into_iter().for_each(|b| *b ^= bits),
            _ if count == 0 => {}
            Self::WithoutLine(at) => drop(lines.remove(at.index(count))),
            Self::TwiceTheLine(at) => lines.insert(at.index(count), lines[at.index(count)].clone()),
            Self::SwapLines(one, other) => lines.swap(one.index(count), other.index(count)),
            Self::Indented(at, columns) => {
                let line = at.index(count);
                lines[line].splice(0..0, std::iter::repeat_n(b' ', *columns));
            }
        }
        if matches!(self, Self::Cut(_) | Self::Flip(..)) { bytes } else { lines.concat() }
    }
}

fn damaged(text: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let whole = text.as_bytes().to_vec();
    prop::collection::vec(damage(), 1..4)
        .prop_map(move |all| all.iter().fold(whole.clone(), |text, damage| damage.done_to(&text)))
}

fn answers(files: &[(&str, Vec<u8>)]) -> Result<(), TestCaseError> {
    let world = Memory::with(files.iter().cloned());
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let request = Request::all("platform.yaml", world.today());
    let trees = compile(&world, &request, &mut sources, &mut sink);
    prop_assert_eq!(trees.is_some(), !sink.has_errors(), "an answer is either trees or faults");
    let diagnostics = sink.into_sorted();
    for label in diagnostics.iter().flat_map(|diagnostic| &diagnostic.labels) {
        prop_assert!(lies_in(label.span, &sources), "{:?}: {diagnostics:?}", label.span);
    }
    render(&diagnostics, &sources, Format::Human, Style::Plain);
    render(&diagnostics, &sources, Format::Json, Style::Plain);
    Ok(())
}

/// Whether a span is a part of its file's text.
fn lies_in(span: Span, sources: &Sources) -> bool {
    sources.get(span.file).is_some_and(|file| file.text.get(span.range()).is_some())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_platform_gets_an_answer(platform in damaged(PLATFORM)) {
        answers(&[("platform.yaml", platform)])?;
    }

    #[test]
    fn a_damaged_component_gets_an_answer(component in damaged(COMPONENT)) {
        answers(&[("platform.yaml", SMALL.into()), ("templates/service/component.yaml", component)])?;
    }

    #[test]
    fn damaged_manifests_get_an_answer(
        manifests in damaged(MANIFESTS), crd in damaged(CRD), kustomization in damaged(KUSTOMIZATION), named: bool,
    ) {
        let files =
            [("m/web.yaml", manifests), ("m/crd.yaml", crd), ("m/kustomization.yaml", kustomization)];
        let world = Memory::with(files).given("a: [");
        let paths = if named { "m/web.yaml m/kustomization.yaml" } else { "m" };
        let words = format!("platformc lint - {paths} --schemas m/crd.yaml --external m/web.yaml");
        let Command::Lint(arguments) = Cli::try_parse_from(words.split(' ')).unwrap().command else { unreachable!() };
        let (run, _) = lint::check(&world, &arguments);
        for label in run.diagnostics.iter().flat_map(|diagnostic| &diagnostic.labels) {
            prop_assert!(lies_in(label.span, &run.sources), "{:?}: {:?}", label.span, run.diagnostics);
        }
        for format in Format::value_variants() {
            render(&run.diagnostics, &run.sources, *format, Style::Plain);
        }
        answers(&[("platform.yaml", format!("{SMALL}manifests: [m/web.yaml]\n").into()), ("m/web.yaml", world.read("m/web.yaml".into()).unwrap())])?;
    }

    #[test]
    fn a_damaged_template_gets_an_answer(template in damaged(TEMPLATE)) {
        answers(&[("platform.yaml", SMALL.into()), ("templates/service/deployment.yaml.j2", template)])?;
    }
}
