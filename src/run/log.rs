//! `log.jsonl`: everything that varies between identical runs, and nothing else does.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::json;

use crate::sink::FileError;

/// File name of the log.
pub const LOG: &str = "log.jsonl";

/// An open log; one line an event.
#[derive(Debug)]
pub struct Log {
    file: File,
    path: PathBuf,
    began: SystemTime,
}

impl Log {
    /// Appends to the log of a directory: the run begins.
    ///
    /// # Errors
    /// When the file cannot be opened or written.
    pub fn begin(dir: &Path, threads: usize, argv: &[String]) -> Result<Self, FileError> {
        let path = dir.join(LOG);
        if path.is_symlink() {
            crate::sink::remove_if_there(&path)?;
        }
        let file = OpenOptions::new().create(true).append(true).open(&path).map_err(FileError::on("open", &path))?;
        let mut log = Self { file, path, began: now() };
        let line = json!({
            "event": "started",
            "time": utc(log.began),
            "host": host(),
            "threads": threads,
            "argv": argv,
            "detente": env!("CARGO_PKG_VERSION"),
        });
        log.line(&line)?;
        Ok(log)
    }

    /// The run ended: `event` says how.
    ///
    /// # Errors
    /// When the line cannot be written.
    pub fn end(&mut self, event: &str, done: u64) -> Result<(), FileError> {
        let ended = now();
        let seconds = ended.duration_since(self.began).unwrap_or(Duration::ZERO).as_secs_f64();
        self.line(&json!({ "event": event, "time": utc(ended), "seconds": seconds, "done": done }))
    }

    fn line(&mut self, value: &serde_json::Value) -> Result<(), FileError> {
        self.file.write_all(format!("{value}\n").as_bytes()).map_err(FileError::on("write", &self.path))
    }
}

#[expect(clippy::disallowed_methods, reason = "the log is the one place for times; results never read it")]
fn now() -> SystemTime {
    SystemTime::now()
}

fn host() -> String {
    let kernel = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let named = kernel.or_else(|| std::env::var("HOSTNAME").ok()).or_else(|| std::env::var("COMPUTERNAME").ok());
    named.map_or_else(|| "unknown".to_owned(), |name| name.trim().to_owned())
}

/// `2026-11-22T03:04:05Z`. Times before 1970 are shown as 1970.
fn utc(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
    let (year, month, day) = civil(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// The Gregorian date so many days after 1970-01-01 (Hinnant 2014, `civil_from_days`, without dates before the epoch).
const fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (year_of_era + era * 400 + (month <= 2) as u64, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_follow_the_calendar() {
        // 1970-01-01; 2000-02-29 is day 11,016; 2026-11-22 is day 20,779.
        assert_eq!([0, 11_016, 11_017, 20_779].map(civil), [(1970, 1, 1), (2000, 2, 29), (2000, 3, 1), (2026, 11, 22)]);
        assert_eq!(utc(UNIX_EPOCH + Duration::from_secs(20_779 * 86_400 + 3 * 3600 + 245)), "2026-11-22T03:04:05Z");
    }

    #[test]
    fn a_log_is_one_json_object_a_line() {
        let dir = tempfile::tempdir().unwrap();
        let mut log = Log::begin(dir.path(), 2, &["detente".to_owned(), "run".to_owned()]).unwrap();
        log.end("finished", 10).unwrap();
        let text = std::fs::read_to_string(dir.path().join(LOG)).unwrap();
        let events: Vec<serde_json::Value> = text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        assert_eq!(events[0]["event"], "started");
        assert_eq!(events[0]["argv"][1], "run");
        assert_eq!(events[1]["done"], 10);
    }
}
