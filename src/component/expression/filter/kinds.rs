//! What a filter makes of a kind.

use super::Filter;
use crate::component::expression::kind::Kind;

/// Why a filter cannot be put there.
pub(in crate::component::expression) struct Wrong {
    /// The argument that is at fault; none: the value before the filter.
    pub argument: Option<usize>,
    pub message: String,
    pub help: Option<&'static str>,
}

impl Filter {
    pub(in crate::component::expression) fn kind(self, value: &Kind, arguments: &[Kind]) -> Result<Kind, Wrong> {
        match (self, arguments) {
            (Filter::Default, [instead]) => return default(value, instead),
            (Filter::Join | Filter::Replace, arguments) => self.texts(arguments)?,
            _ => {}
        }
        let plain = value.required().clone();
        let scalar = plain.scalars().is_some();
        match (self, plain) {
            _ if value.is_optional() => Err(self.wrong(value)),
            (Filter::Length, Kind::Text | Kind::Choice(_) | Kind::List(_) | Kind::Map(_)) => Ok(Kind::Integer),
            (Filter::Text, _) if scalar => Ok(Kind::Text),
            (Filter::Lower | Filter::Upper | Filter::Replace, Kind::Text | Kind::Choice(_)) => Ok(Kind::Text),
            (Filter::Join, Kind::List(items)) if is_textual(&items) => Ok(Kind::Text),
            (Filter::Keys, Kind::Map(_)) => Ok(Kind::list(Kind::Text)),
            (Filter::Values, Kind::Map(values)) => Ok(Kind::List(values)),
            (Filter::First, Kind::List(items)) => Ok(items.optional()),
            (_, Kind::Any | Kind::Never) => Ok(self.of_anything()),
            _ => Err(self.wrong(value)),
        }
    }

    /// The kind where nothing is known of the value.
    fn of_anything(self) -> Kind {
        match self {
            Filter::Length => Kind::Integer,
            Filter::Text | Filter::Lower | Filter::Upper | Filter::Replace | Filter::Join => Kind::Text,
            Filter::Keys => Kind::list(Kind::Text),
            Filter::Values => Kind::list(Kind::Any),
            Filter::First | Filter::Default => Kind::Any,
        }
    }

    fn wrong(self, value: &Kind) -> Wrong {
        let help = value.is_optional().then_some("test it first (`x != none`), or write `x | default(…)`");
        let message = format!("`{}` wants {}, and this is {}", self.name(), self.wants(), value.called());
        Wrong { argument: None, message, help }
    }

    fn texts(self, arguments: &[Kind]) -> Result<(), Wrong> {
        let textual = |kind: &Kind| matches!(kind, Kind::Text | Kind::Choice(_) | Kind::Any | Kind::Never);
        let Some((position, kind)) = arguments.iter().enumerate().find(|(_, kind)| !textual(kind)) else {
            return Ok(());
        };
        let what = self.arguments().get(position).copied().unwrap_or_default();
        let message = format!("{what} is a text, and this is {}", kind.called());
        Err(Wrong { argument: Some(position), message, help: None })
    }
}

fn default(value: &Kind, instead: &Kind) -> Result<Kind, Wrong> {
    if value.is_there() {
        return Ok(value.clone());
    }
    let unlike = || {
        let message = format!("what stands for none is {}, not {}", value.required().called(), instead.called());
        Wrong { argument: Some(0), message, help: None }
    };
    value.required().either(instead).ok_or_else(unlike)
}

fn is_textual(items: &Kind) -> bool {
    let textual = |kind: &Kind| matches!(kind, Kind::Text | Kind::Integer);
    match items {
        Kind::Any | Kind::Never => true,
        items => items.scalars().is_some_and(|scalars| scalars.iter().all(textual)),
    }
}
