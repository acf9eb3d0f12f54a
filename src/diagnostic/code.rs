//! The registry of codes: one line each, one page each in `pages/`.

use std::fmt;
use std::str::FromStr;

use super::Severity;

macro_rules! codes {
    ($($name:ident = $code:literal, $title:literal;)*) => {
        /// What is wrong. The letter is the usual severity, the first two digits the phase that finds it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $($name),* }

        impl Code {
            pub const ALL: &'static [Code] = &[$(Code::$name),*];

            /// `E0201`
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $code),* }
            }

            /// What is wrong, in a few words.
            pub fn title(self) -> &'static str {
                match self { $(Code::$name => $title),* }
            }

            /// The page behind `platformc explain`: meaning, a faulty example, a mended one.
            pub fn page(self) -> &'static str {
                match self { $(Code::$name => include_str!(concat!("pages/", $code, ".md"))),* }
            }
        }
    };
}

codes! {
    // 01: load
    CannotRead = "E0101", "a file cannot be read";
    NotYaml = "E0102", "the text is not YAML";
    DuplicateKey = "E0103", "a key stands twice in one map";
    UnsupportedYaml = "E0104", "YAML that platformc does not take";
    TooLarge = "E0105", "the document is larger than any real one";
    // 02: resolve, and the catalog that it reads
    UnknownKey = "E0201", "a key is not known here";
    WrongType = "E0202", "a value has the wrong type";
    MissingKey = "E0203", "a required key is missing";
    WrongValue = "E0204", "a value is not one of those allowed";
    UnknownComponent = "E0205", "no component has this name";
    UnknownName = "E0206", "a name refers to nothing";
    MissingCapability = "E0207", "a capability is required and nothing provides it";
    NothingToRemove = "E0208", "an overlay takes away what is not there";
    UnknownVersion = "E0209", "a Kubernetes version is not known";
    UnknownEnvironment = "E0211", "an environment is not in platform.yaml";
    NotChosen = "N0212", "a key comes with a component that is not chosen";
    Component = "E0213", "a component's description is wrong";
    Expression = "E0214", "an expression is wrong";
    NoManifest = "E0215", "a glob names no manifest";
    Circle = "E0216", "entries wait for each other in a circle";
    // 03: expand
    Constraint = "E0301", "a component's own rule is broken";
    ConstraintWarning = "W0302", "a component warns";
    ConstraintNote = "N0303", "a component remarks";
    Evaluation = "E0304", "an expression has no value here";
    UnservedSecret = "E0305", "nothing provides a secret";
    UnservedWish = "E0306", "nothing serves what an option asks for";
    UnservedNote = "N0307", "a component's wish falls away";
    NameTaken = "E0308", "two things have one name";
    ReservedName = "E0309", "a name is one that the tree needs";
    UnknownEnd = "E0310", "a flow's end is not known";
    RouteConflict = "E0311", "two routes cannot stand side by side";
    ReleaseCycle = "E0312", "releases need each other";
    FixedValue = "E0313", "a chart value that the interface depends on";
    OpenRange = "W0314", "the ranges of the cluster are not known";
    AnyAddress = "N0315", "a flow has no address range";
    WeakestPodSecurity = "N0316", "a namespace takes the weakest level of its pods";
    ReplicasReset = "N0317", "each upgrade resets what was scaled";
    ClosedIn = "E0318", "pods that are no part of the platform stand in a closed namespace";
    RefusedValue = "E0319", "a chart does not take a value";
    UnreadValue = "W0320", "nothing in a chart reads a value";
    MisspeltSecret = "W0321", "a Secret that is said to be there has a name that nothing asks for";
    // 04: render
    Template = "E0401", "a template is wrong";
    FileTaken = "E0402", "two files have one path";
    BadPath = "E0403", "a path leaves the output tree";
    PatchOfNothing = "E0404", "a patch hits no object that is made here";
    PatchOfSeveral = "E0405", "a patch hits several objects";
    PatchedIdentity = "E0406", "a patch makes another object of the one it changes";
    BadPatch = "E0407", "a patch cannot be merged";
    MixedFolder = "E0408", "a manifest lies where other things do";
    // 05: validate
    RenderedYaml = "E0501", "a rendered file is not YAML or JSON";
    UnknownKind = "E0502", "a kind is not known in a Kubernetes version";
    InvalidObject = "E0503", "an object is not valid";
    InvalidName = "E0504", "a name or label is not valid";
    InvalidQuantity = "E0505", "a quantity, duration or schedule is not valid";
    NoObjects = "E0506", "there is no Kubernetes object to check";
    BrokenRule = "E0507", "an object breaks a rule of its CRD";
    UncheckedRule = "N0508", "a rule of a CRD was not evaluated";
    InvalidValues = "E0509", "a values file holds what its chart does not take";
    // 06: link
    DuplicateObject = "E0601", "an object stands twice";
    UnknownNamespace = "E0602", "an object's namespace does not exist";
    UnknownService = "E0603", "a Service that an object names is not there";
    UnknownServicePort = "E0604", "a Service does not have the port that an object names";
    NoCertificate = "E0605", "nothing writes the Secret that TLS takes a certificate from";
    UnknownIssuer = "E0606", "the issuer of a certificate is not there";
    UnknownClass = "E0607", "a class that an object names is not there";
    UnknownGateway = "E0608", "the Gateway or listener of a route is not there";
    NotAdmitted = "E0609", "a Gateway or a namespace does not admit what refers to it";
    RouteClash = "E0610", "two routes claim one host and path";
    HostNotCovered = "E0611", "no certificate covers a host";
    SelectsNoPod = "E0612", "a Service selects no pod";
    SelectsSeveral = "E0613", "a Service selects the pods of several workloads";
    UnknownTargetPort = "E0614", "no pod listens on a Service's target port";
    MonitorsNothing = "E0615", "a monitor selects nothing";
    UnknownMetricsPort = "E0616", "a monitor names a port that what it selects does not have";
    UnreadMonitor = "E0617", "nothing reads a monitor or a rule";
    WrongMetricsPath = "E0618", "a monitor asks for a path without metrics";
    UnknownSecret = "E0619", "a Secret is not there";
    UnknownSecretKey = "E0620", "a Secret does not hold a key";
    UnknownConfigMap = "E0621", "a ConfigMap is not there";
    UnknownConfigMapKey = "E0622", "a ConfigMap does not hold a key";
    UnknownStore = "E0623", "a store of secrets is not there";
    UnknownScaleTarget = "E0624", "an autoscaler's target cannot be scaled";
    MissingRequest = "E0625", "an autoscaler measures what its pods do not request";
    NoRoomToScale = "E0626", "an autoscaler's minimum is above its maximum";
    ReplicasTwice = "E0627", "the number of pods is decided in two places";
    BudgetSelects = "E0628", "a PodDisruptionBudget does not select the pods of one workload";
    BlockedDrain = "E0629", "a PodDisruptionBudget lets no pod go";
    UnknownChartTarget = "E0630", "a chart's value leads to what is not there";
    PolicyOfNothing = "E0631", "a NetworkPolicy is about no pod";
    PeerOfNothing = "E0632", "a NetworkPolicy lets through pods that are not there";
    PolicyPort = "E0633", "a NetworkPolicy opens a port on which nothing listens";
    NoNames = "E0634", "pods may not look up names";
    UnknownServiceAccount = "E0635", "a ServiceAccount is not there";
    UnknownClaim = "E0636", "a PersistentVolumeClaim is not there";
    UnknownRole = "E0637", "a role is not there";
    BrokenNeed = "E0638", "a release needs what is no release, or itself";
    NotDeployed = "E0639", "nothing applies what is written";
    AppliedTooEarly = "E0640", "something is applied before what it stands on";
    SharedSecrets = "W0641", "a ServiceAccount may read the Secrets of others";
    UnknownContainerPort = "E0642", "a probe or hook asks on a port that its container does not have";
    TwiceInPod = "E0643", "two things in a pod have one name or port";
    UnfitSelector = "E0644", "a workload does not select the pods that it should";
    UnknownVolume = "E0645", "a container mounts a volume that its pod does not have";
    FlowClosed = "E0646", "a declared flow is closed";
    OpenUndeclared = "E0647", "a connection is open that nothing declares";
    UnusedWaiver = "E0648", "a waiver waives nothing";
    ExpiredWaiver = "W0649", "the day of a waiver is over";
    DeclaredNotMade = "E0651", "a component declares what none of its files makes";
    UnknownFile = "E0652", "a file that is named is not written";
    OtherChart = "E0653", "a release installs another chart than its component describes";
    UnknownVariable = "E0654", "code reads an environment variable that its pods do not have";
    RefusedPods = "E0655", "a namespace refuses the pods that stand in it";
    // 07: emit
    NotOurs = "E0701", "a file in the way is not ours";
    CannotWrite = "E0702", "a file cannot be written";
    Edited = "E0703", "a file of ours was changed by hand";
    BrokenRecord = "E0704", "the record of what is ours cannot be read";
    NotAsSaid = "E0705", "the output is not what platform.yaml says";
    Locked = "E0706", "another run is at work and does not end";
    Leftover = "E0707", "what an earlier run left behind cannot be put in order";
    // 08: charts
    ClaimNotRendered = "E0801", "a component claims what its chart does not make";
    RenderedNotClaimed = "E0802", "a chart makes what its component does not claim";
    ChartNotRendered = "E0803", "a chart cannot be rendered";
    AnotherChart = "E0804", "this is not the chart that the component describes";
    AnotherVersion = "N0805", "this is not the version that the component describes";
    // 09: diff
    NothingToCompare = "E0901", "there is nothing to compare with";
}

/// Errors that are rules of ours, not facts of Kubernetes: what they forbid may be meant.
const WAIVABLE: &[Code] = &[
    Code::RouteClash,
    Code::HostNotCovered,
    Code::SelectsSeveral,
    Code::UnreadMonitor,
    Code::WrongMetricsPath,
    Code::ReplicasTwice,
    Code::BudgetSelects,
    Code::BlockedDrain,
    Code::PolicyPort,
    Code::NoNames,
    Code::UnknownContainerPort,
];

impl Code {
    /// Whether a waiver may silence it: warnings, and errors that are rules of ours.
    pub fn is_waivable(self) -> bool {
        let is_about_waivers = self == Code::ExpiredWaiver;
        WAIVABLE.contains(&self) || self.severity() == Severity::Warning && !is_about_waivers
    }

    pub fn severity(self) -> Severity {
        match self.as_str().as_bytes() {
            [b'W', ..] => Severity::Warning,
            [b'N', ..] => Severity::Note,
            _ => Severity::Error,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Code {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|code| code.as_str().eq_ignore_ascii_case(text)).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use include_dir::{Dir, include_dir};

    use super::*;

    static PAGES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/diagnostic/pages");

    #[test]
    fn codes_are_unique_and_in_order_of_their_number() {
        let numbers: Vec<&str> = Code::ALL.iter().map(|code| &code.as_str()[1..]).collect();
        assert!(numbers.is_sorted_by(|one, next| one < next), "{numbers:?}");
    }

    #[test]
    fn every_code_has_a_page_and_every_page_a_code() {
        let codes: BTreeSet<String> = Code::ALL.iter().map(|code| format!("{code}.md")).collect();
        let pages: BTreeSet<String> = PAGES.files().map(|page| page.path().display().to_string()).collect();
        assert_eq!(codes, pages);
    }

    #[test]
    fn every_page_has_its_meaning_a_faulty_and_a_mended_example() {
        for code in Code::ALL {
            let (title, rest) = code.page().split_once('\n').unwrap();
            assert_eq!(title, format!("# {code}: {}", code.title()));
            let (meaning, examples) =
                rest.split_once("\n## Faulty\n").unwrap_or_else(|| panic!("{code}: no faulty one"));
            let (faulty, mended) =
                examples.split_once("\n## Mended\n").unwrap_or_else(|| panic!("{code}: no mended one"));
            assert!(meaning.trim().len() > 80, "{code}: what does it mean?");
            assert!(faulty.matches("```").count() == 2 && mended.matches("```").count() == 2, "{code}: one block each");
            assert_ne!(faulty.trim(), mended.trim(), "{code}: nothing is mended");
        }
    }

    #[test]
    fn a_code_is_read_back_in_any_case() {
        assert_eq!("e0201".parse(), Ok(Code::UnknownKey));
        assert_eq!("E9999".parse::<Code>(), Err(()));
    }
}
