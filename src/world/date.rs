//! Days of the calendar: all that the compiler knows of time.

use std::fmt;
use std::str::FromStr;

const DAY: i64 = 86_400;

/// A day, written `2027-01-01`. Earlier ones come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    year: i32,
    month: u8,
    day: u8,
}

impl Date {
    pub const EPOCH: Self = Self { year: 1970, month: 1, day: 1 };

    /// None where the calendar has no such day; years from 0 to 9999.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let is_day = (0..=9999).contains(&year) && (1..=days(year, month)).contains(&day);
        is_day.then_some(Self { year, month, day })
    }

    /// The day in UTC, so many seconds after 1970 began.
    ///
    /// Years are counted from March, so that the day of a leap year comes last; 400 of them always have 146,097 days.
    pub fn at(seconds: i64) -> Option<Self> {
        let days = seconds.div_euclid(DAY) + 719_468;
        let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day = day - (153 * month + 2) / 5 + 1;
        let (month, next_year) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
        let year = i32::try_from(era * 400 + year + next_year).ok()?;
        Self::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }

    pub fn year(self) -> i32 {
        self.year
    }

    /// From 1 on.
    pub fn month(self) -> u8 {
        self.month
    }

    /// Of the month, from 1 on.
    pub fn day(self) -> u8 {
        self.day
    }

    /// In seconds after 1970 began, in UTC: what [`Date::at`] takes.
    pub fn seconds(self) -> i64 {
        let (year, month, day) = (i64::from(self.year), i64::from(self.month), i64::from(self.day));
        let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        (year * 365 + leap_days + (153 * month + 2) / 5 + day - 719_469) * DAY
    }
}

/// The days of a month; none for a month that there is not.
fn days(year: i32, month: u8) -> u8 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Date {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<&str> = text.split('-').collect();
        let is_number = |(part, width): (&&str, usize)| part.len() == width && part.bytes().all(|b| b.is_ascii_digit());
        let [year, month, day] = parts.as_slice() else { return Err(SHAPE) };
        if !parts.iter().zip([4, 2, 2]).all(is_number) {
            return Err(SHAPE);
        }
        let numbers = (year.parse().ok(), month.parse().ok(), day.parse().ok());
        let (Some(year), Some(month), Some(day)) = numbers else { return Err(SHAPE) };
        Self::new(year, month, day).ok_or("the calendar has no such day")
    }
}

const SHAPE: &str = "expected a day as `2027-01-01`";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> String {
        Date::at(seconds).unwrap().to_string()
    }

    #[test]
    fn seconds_are_days_of_the_calendar() {
        assert_eq!(at(0), "1970-01-01");
        assert_eq!(at(-1), "1969-12-31");
        assert_eq!(at(951_782_400), "2000-02-29");
        assert_eq!(at(1_798_761_599), "2026-12-31");
        assert_eq!(at(1_798_761_600), "2027-01-01");
        assert_eq!(Date::at(i64::MAX), None);
    }

    #[test]
    fn a_day_that_the_calendar_has_not_is_refused() {
        let refused = |text: &str| text.parse::<Date>().unwrap_err();
        for text in ["2027-02-29", "1900-02-29", "2027-13-01", "2027-00-01", "2027-04-31", "2027-01-00"] {
            assert_eq!(refused(text), "the calendar has no such day", "{text}");
        }
        for text in ["", "2027-1-1", "27-01-01", "2027-01-01-01", "2027-+1-01", "+027-01-01", "tomorrow", "2027-0é-01"]
        {
            assert_eq!(refused(text), SHAPE, "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_day_after_comes_later_and_reads_back(day in -700_000_i64..2_900_000) {
            let (today, tomorrow) = (Date::at(day * DAY), Date::at((day + 1) * DAY));
            if let (Some(today), Some(tomorrow)) = (today, tomorrow) {
                prop_assert_eq!(today.seconds(), day * DAY);
                prop_assert!(today < tomorrow);
                prop_assert_eq!(today.to_string().parse(), Ok(today));
            }
        }
    }
}
