//! Cron schedules: five fields, in the part of the language that all schedulers read alike.

const PRESETS: [&str; 7] = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
/// February has 29 days in some years.
const LENGTHS: [u32; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// One of the five fields.
struct Field {
    name: &'static str,
    least: u32,
    most: u32,
    /// Names for the values, the first standing for `least`.
    names: &'static [&'static str],
}

const FIELDS: [Field; 5] = [
    Field { name: "minute", least: 0, most: 59, names: &[] },
    Field { name: "hour", least: 0, most: 23, names: &[] },
    Field { name: "day of month", least: 1, most: 31, names: &[] },
    Field { name: "month", least: 1, most: 12, names: &MONTHS },
    Field { name: "day of week", least: 0, most: 6, names: &DAYS },
];

/// `0 */6 * * *`, `30 4 * * mon-fri`, `@daily`.
pub fn cron(text: &str) -> Result<(), String> {
    if text.starts_with('@') {
        return preset(text);
    }
    let parts: Vec<&str> = text.split_whitespace().collect();
    if parts.len() != FIELDS.len() {
        return Err(format!(
            "it has {} fields, and needs five: minute, hour, day of month, month, day of week",
            parts.len()
        ));
    }
    let mut values = Vec::with_capacity(FIELDS.len());
    for (field, part) in FIELDS.iter().zip(&parts) {
        values.push(field.values(part)?);
    }
    match values.as_slice() {
        [_, _, days, months, week] => comes_up(days, months, week.len() == DAYS.len()),
        _ => Ok(()),
    }
}

/// What is wrong with a range that ends before it starts; the rest is not looked at.
pub fn backwards(text: &str) -> Option<String> {
    let fields = FIELDS.iter().zip(text.split_whitespace());
    let mut items = fields.flat_map(|(field, part)| part.split(',').map(move |item| (field, item)));
    items.find_map(|(field, item)| {
        let range = item.split_once('/').map_or(item, |(range, _)| range);
        let (first, last) = range.split_once('-')?;
        let runs_backwards = field.value(first).ok()? > field.value(last).ok()?;
        runs_backwards.then(|| format!("the range `{range}` of the {} runs backwards", field.name))
    })
}

fn preset(text: &str) -> Result<(), String> {
    if PRESETS.contains(&text) {
        return Ok(());
    }
    Err(format!("`{text}` is none of {}", PRESETS.join(", ")))
}

/// A day of month that no month in the list has would never run.
fn comes_up(days: &[u32], months: &[u32], any_week_day: bool) -> Result<(), String> {
    let longest = months.iter().filter_map(|month| LENGTHS.get(*month as usize - 1)).max();
    let first = days.iter().min();
    match (longest, first) {
        (Some(longest), Some(first)) if any_week_day && first > longest => {
            Err(format!("no month in it has a day {first}, so it would never run"))
        }
        _ => Ok(()),
    }
}

impl Field {
    /// Every value that `text` stands for.
    fn values(&self, text: &str) -> Result<Vec<u32>, String> {
        let mut values = vec![];
        for item in text.split(',') {
            values.extend(self.item(item)?);
        }
        values.sort_unstable();
        values.dedup();
        Ok(values)
    }

    /// `*`, `5`, `1-5`, each with a step behind `/`.
    fn item(&self, text: &str) -> Result<Vec<u32>, String> {
        let (range, step) = match text.split_once('/') {
            Some((range, step)) => (range, Some(self.step(step)?)),
            None => (text, None),
        };
        let (first, last) = self.range(range, step.is_some())?;
        Ok((first..=last).step_by(step.unwrap_or(1) as usize).collect())
    }

    fn step(&self, text: &str) -> Result<u32, String> {
        match text.parse::<u32>() {
            Ok(step) if step > 0 && step <= self.most => Ok(step),
            _ => Err(format!("the step `{text}` of the {} is no number from 1 to {}", self.name, self.most)),
        }
    }

    fn range(&self, text: &str, stepped: bool) -> Result<(u32, u32), String> {
        if text == "*" || (text == "?" && self.name.starts_with("day")) {
            return Ok((self.least, self.most));
        }
        let Some((first, last)) = text.split_once('-') else {
            let value = self.value(text)?;
            return Ok((value, if stepped { self.most } else { value }));
        };
        let (first, last) = (self.value(first)?, self.value(last)?);
        if first > last {
            return Err(format!("the range `{text}` of the {} runs backwards", self.name));
        }
        Ok((first, last))
    }

    fn value(&self, text: &str) -> Result<u32, String> {
        if let Some(at) = self.names.iter().position(|name| name.eq_ignore_ascii_case(text)) {
            return Ok(self.least + at as u32);
        }
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse::<u32>() {
            Ok(value) if digits && (self.least..=self.most).contains(&value) => Ok(value),
            Ok(7) if digits && self.most == 6 => Err("the day of week 7 is not known everywhere; Sunday is 0".into()),
            _ => Err(format!("the {} `{text}` is not between {} and {}", self.name, self.least, self.most)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::cron;

    #[test]
    fn schedules_in_use_are_taken() {
        for text in
            ["0 */6 * * *", "*/5 0-6,22 1,15 jan-mar MON-fri", "0 0 29 2 *", "5/15 * * * ?", "@daily", "0 0 31 2 1"]
        {
            assert_eq!(cron(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn each_fault_says_its_field() {
        for (text, reason) in [
            ("0 6 * *", "it has 4 fields"),
            ("", "it has 0 fields"),
            ("61 * * * *", "the minute `61` is not between 0 and 59"),
            ("+5 * * * *", "the minute `+5` is not"),
            ("0 24 * * *", "the hour `24`"),
            ("0 0 0 * *", "the day of month `0` is not between 1 and 31"),
            ("0 0 * * 7", "Sunday is 0"),
            ("0 0 * * fri-mon", "runs backwards"),
            ("*/0 * * * *", "the step `0` of the minute"),
            ("0 0 30 2 *", "no month in it has a day 30"),
            ("0 0 31 4,6 *", "no month in it has a day 31"),
            ("? * * * *", "the minute `?`"),
            ("1,,2 * * * *", "the minute ``"),
            ("@dayly", "is none of @yearly"),
        ] {
            let found = cron(text).expect_err(text);
            assert!(found.contains(reason), "{text}: {found}");
        }
    }
}
