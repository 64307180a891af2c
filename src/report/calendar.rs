//! Dates of a negotiation, from months since its start.

use crate::spec::tree::Date;

/// Mean length of a month in days, for parts of a month.
const DAYS: f64 = 30.436_875;

fn days_in(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The date so many months after `start`, as `2025-02-18`: whole months go by the calendar (a day past the end of the
/// month becomes its last), the rest by the mean length of a month.
#[must_use]
pub fn date_after(start: Date, months: f64) -> String {
    let months = months.max(0.0);
    let elapsed = u32::from(start.month) - 1 + months.floor() as u32;
    let (mut year, mut month) = (u32::from(start.year) + elapsed / 12, elapsed % 12 + 1);
    let mut day = u32::from(start.day).min(days_in(year, month)) + (months.fract() * DAYS).round() as u32;
    while day > days_in(year, month) {
        day -= days_in(year, month);
        (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    }
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_go_by_the_calendar() {
        let start = Date { year: 2025, month: 1, day: 31 };
        assert_eq!(date_after(start, 0.0), "2025-01-31");
        assert_eq!(date_after(start, 1.0), "2025-02-28");
        assert_eq!(date_after(start, 37.0), "2028-02-29");
        assert_eq!(date_after(start, 12.0), "2026-01-31");
    }

    #[test]
    fn parts_of_a_month_are_days() {
        // Half of 30.44 days is 15.
        let start = Date { year: 2025, month: 12, day: 20 };
        assert_eq!(date_after(start, 0.5), "2026-01-04");
    }
}
