//! The people of the pretend company: what has to hang together whichever field is asked for.

use jiff::Span;
use jiff::civil::Date;

use super::dice::Dice;

/// The day on which the company stands still, so that every run sees the same people.
pub(super) const TODAY: Date = jiff::civil::date(2026, 11, 22);

pub(super) const SITES: [&str; 4] = ["London", "Berlin", "Tel Aviv", "New York"];

const FIRST: [&str; 16] = [
    "Ada", "Bela", "Chiara", "Dov", "Edda", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Keren", "Luis",
    "Mira", "Noam", "Olga", "Pavel",
];
const LAST: [&str; 17] = [
    "Abel", "Brandt", "Cohen", "Duarte", "Engel", "Fontana", "Gruber", "Haddad", "Ivanov", "Jansen", "Katz",
    "Lindt", "Moreau", "Novak", "Olsen", "Pereira", "Quist",
];

/// A lifecycle status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Hired,
    Employed,
    Terminated,
    GardenLeave,
    Leave,
    ParentalLeave,
}

impl Status {
    /// As in `population/…` ids.
    pub(super) fn slug(self) -> &'static str {
        match self {
            Self::Hired => "hired",
            Self::Employed => "employed",
            Self::Terminated => "terminated",
            Self::GardenLeave => "garden-leave",
            Self::Leave => "leave",
            Self::ParentalLeave => "parental-leave",
        }
    }

    /// As the API spells it.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Hired => "Hired",
            Self::Employed => "Employed",
            Self::Terminated => "Terminated",
            Self::GardenLeave => "Garden leave",
            Self::Leave => "Leave",
            Self::ParentalLeave => "Parental leave",
        }
    }

    pub(super) fn is_active(self) -> bool {
        !matches!(self, Self::Hired | Self::Terminated)
    }
}

/// What statuses the people after the managers have, over and over.
const ROUND: [Status; 12] = [
    Status::Employed,
    Status::Terminated,
    Status::Leave,
    Status::Employed,
    Status::Hired,
    Status::ParentalLeave,
    Status::Employed,
    Status::GardenLeave,
    Status::Employed,
    Status::Terminated,
    Status::Employed,
    Status::Employed,
];

/// One person.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) number: usize,
    pub(super) id: String,
    pub(super) first: String,
    pub(super) surname: String,
    pub(super) email: String,
    pub(super) status: Status,
    pub(super) site: &'static str,
    pub(super) site_id: u64,
    pub(super) start: Date,
    /// The last day, of those who left.
    pub(super) end: Option<Date>,
    pub(super) manager: Option<usize>,
    pub(super) reports: usize,
}

impl Person {
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.first, self.surname)
    }

    pub(super) fn worked_days(&self) -> i64 {
        days_between(self.start, self.end.unwrap_or(TODAY)).max(0)
    }
}

pub(super) fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

pub(super) fn days_after(date: Date, days: i64) -> Date {
    date.checked_add(Span::new().days(days)).unwrap_or(date)
}

/// Hires the whole company. The first sixth are managers and employed; every status comes up after them.
pub(super) fn hire(count: usize, seed: u64) -> Vec<Person> {
    const SPAN_OF_CONTROL: usize = 7;
    let managers = count.div_ceil(6);
    (0..count)
        .map(|number| {
            let mut dice = Dice::of(seed, &["person", &number.to_string()]);
            let status =
                if number < managers { Status::Employed } else { ROUND[(number - managers) % ROUND.len()] };
            let (start, end) = tenure(status, number, &mut dice);
            let site = dice.below(SITES.len() as u64) as usize;
            let first = format!("MARK-{}", FIRST[number % FIRST.len()]);
            let surname = format!("MARK-{}{number}", LAST[number % LAST.len()]);
            let reports = (number * SPAN_OF_CONTROL + 1..count).take(SPAN_OF_CONTROL).count();
            Person {
                number,
                // 19 digits, more than a JavaScript number can hold; unique because of the number within.
                id: (3_300_000_000_000_000_000_u64
                    + number as u64 * 1_000_003_000_000
                    + dice.below(1_000_000_000_000))
                .to_string(),
                email: format!("{first}.{surname}@company.example").to_lowercase().replace("mark-", "MARK-"),
                first,
                surname,
                status,
                site: SITES[site],
                site_id: 2_350_001 + site as u64,
                start,
                end,
                manager: (number > 0).then(|| (number - 1) / SPAN_OF_CONTROL),
                reports,
            }
        })
        .collect()
}

fn tenure(status: Status, number: usize, dice: &mut Dice) -> (Date, Option<Date>) {
    match status {
        Status::Hired => (days_after(TODAY, 20 + dice.below(100) as i64), None),
        Status::Terminated => {
            let end = days_after(TODAY, -(30 + dice.below(700) as i64));
            (days_after(end, -(200 + dice.below(1500) as i64)), Some(end))
        }
        // One in nine has just begun: nothing about them can have changed yet.
        _ if number % 9 == 8 => (days_after(TODAY, -(10 + dice.below(60) as i64)), None),
        _ => (days_after(TODAY, -(500 + dice.below(3000) as i64)), None),
    }
}
