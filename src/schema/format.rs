//! The formats: what a text must be beyond being text.
//!
//! Each function takes a text and gives the reason why it is wrong, in words that complete "is not a … : ". They raise no
//! faults themselves: [`super::check`] does for what users write, `validate` for what templates render.

mod cron;
mod duration;
mod image;
mod network;
mod quantity;
mod text;

pub use cron::{backwards, cron};
pub use duration::{duration, go_duration, long_duration, seconds};
pub use image::image;
pub use network::{cidr, host};
pub use quantity::quantity;
pub use text::{date, email, name, percent, uri, uuid};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Cron,
    Duration,
    Quantity,
    Percent,
    Image,
    Host,
    Cidr,
    Uri,
    Email,
    Uuid,
    /// A DNS label (RFC 1123), as Kubernetes names are.
    Name,
    /// A day, as `2026-12-31`.
    Date,
}

impl Format {
    pub const ALL: &'static [Format] = &[
        Format::Cron,
        Format::Duration,
        Format::Quantity,
        Format::Percent,
        Format::Image,
        Format::Host,
        Format::Cidr,
        Format::Uri,
        Format::Email,
        Format::Uuid,
        Format::Name,
        Format::Date,
    ];

    /// The format that schemas call `name`.
    pub fn named(name: &str) -> Option<Format> {
        Self::ALL.iter().copied().find(|format| format.as_str() == name)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Format::Cron => "cron",
            Format::Duration => "duration",
            Format::Quantity => "quantity",
            Format::Percent => "percent",
            Format::Image => "image",
            Format::Host => "host",
            Format::Cidr => "cidr",
            Format::Uri => "uri",
            Format::Email => "email",
            Format::Uuid => "uuid",
            Format::Name => "name",
            Format::Date => "date",
        }
    }

    /// What such a text is called in a sentence.
    pub fn phrase(self) -> &'static str {
        match self {
            Format::Cron => "a cron schedule",
            Format::Duration => "a duration",
            Format::Quantity => "a quantity",
            Format::Percent => "a percentage",
            Format::Image => "an image",
            Format::Host => "a host name",
            Format::Cidr => "an address range",
            Format::Uri => "a URI",
            Format::Email => "an e-mail address",
            Format::Uuid => "a UUID",
            Format::Name => "a DNS label",
            Format::Date => "a date",
        }
    }

    /// Whether `text` has this format, and if not, why.
    pub fn check(self, text: &str) -> Result<(), String> {
        match self {
            Format::Cron => cron(text),
            Format::Duration => duration(text),
            Format::Quantity => quantity(text),
            Format::Percent => percent(text),
            Format::Image => image(text),
            Format::Host => host(text),
            Format::Cidr => cidr(text),
            Format::Uri => uri(text),
            Format::Email => email(text),
            Format::Uuid => uuid(text),
            Format::Name => name(text),
            Format::Date => date(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Format;

    #[test]
    fn every_format_is_found_by_its_name() {
        for format in Format::ALL {
            assert_eq!(Format::named(format.as_str()), Some(*format));
        }
    }

    proptest! {
        #[test]
        fn any_text_gets_an_answer(text in any::<String>()) {
            for format in Format::ALL {
                let _ = format.check(&text);
            }
        }

        #[test]
        fn any_text_of_telling_characters_gets_an_answer(text in "[-0-9a-f:./@*,%kKmMéT ]{0,24}") {
            for format in Format::ALL {
                let _ = format.check(&text);
            }
        }
    }
}
