//! Two kinds as one: what the branches of a choice or the items of a list have in common.

use super::{Kind, Record};

impl Kind {
    /// The kind of a value that is of the one or the other; none where they are unlike.
    pub fn either(&self, other: &Kind) -> Option<Kind> {
        Some(match (self, other) {
            (Kind::Any, _) | (_, Kind::Any) => Kind::Any,
            (Kind::Never, kind) | (kind, Kind::Never) => kind.clone(),
            (Kind::None | Kind::Optional(_), _) | (_, Kind::None | Kind::Optional(_)) => {
                self.required().either(other.required())?.optional()
            }
            (Kind::Choice(left), Kind::Choice(right)) => Kind::Choice(union(left, right)),
            (Kind::List(left), Kind::List(right)) => Kind::list(left.either(right)?),
            (Kind::Map(left), Kind::Map(right)) => Kind::map(left.either(right)?),
            (Kind::Record(left), Kind::Record(right)) => Kind::Record(left.either(right)?),
            _ => Kind::one_of([self.scalars()?, other.scalars()?].concat()),
        })
    }

    /// The scalar types that a value of the kind may have; none for what is no scalar.
    pub fn scalars(&self) -> Option<Vec<Kind>> {
        match self {
            Kind::Boolean | Kind::Integer | Kind::Number | Kind::Text => Some(vec![self.clone()]),
            Kind::Choice(_) => Some(vec![Kind::Text]),
            Kind::OneOf(kinds) => Some(kinds.clone()),
            _ => None,
        }
    }

    /// A value of one of several scalar types.
    pub fn one_of(kinds: Vec<Kind>) -> Kind {
        let has = |kind: &Kind| kinds.contains(kind) || (*kind == Kind::Text && kinds.iter().any(is_choice));
        let wide = has(&Kind::Number);
        let order = [Kind::Boolean, Kind::Integer, Kind::Number, Kind::Text];
        let kept = order.into_iter().filter(|kind| has(kind) && !(wide && *kind == Kind::Integer));
        match kept.collect::<Vec<_>>() {
            kinds if kinds.is_empty() => Kind::Never,
            kinds => <[Kind; 1]>::try_from(kinds).map_or_else(Kind::OneOf, |[alone]| alone),
        }
    }
}

impl Record {
    /// What only one of them has is optional.
    fn either(&self, other: &Record) -> Option<Record> {
        let mut both = Record::default();
        for name in self.members.keys().chain(other.members.keys()) {
            let kind = match (self.member(name), other.member(name)) {
                (Some(left), Some(right)) => left.either(&right)?,
                (Some(alone), None) | (None, Some(alone)) => alone.optional(),
                (None, None) => continue,
            };
            both.members.insert(name.clone(), kind);
        }
        both.further = match (&self.further, &other.further) {
            (Some(left), Some(right)) => Some(Box::new(left.either(right)?)),
            (left, right) => left.clone().or_else(|| right.clone()),
        };
        Some(both)
    }

    /// What is known of a member; none for an unknown one.
    pub fn member(&self, name: &str) -> Option<Kind> {
        let further = || self.further.as_deref().map(|kind| kind.clone().optional());
        self.members.get(name).cloned().or_else(further)
    }
}

fn is_choice(kind: &Kind) -> bool {
    matches!(kind, Kind::Choice(_))
}

fn union(left: &[String], right: &[String]) -> Vec<String> {
    let more = right.iter().filter(|text| !left.contains(text));
    left.iter().chain(more).cloned().collect()
}
