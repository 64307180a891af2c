//! Survival and competing endings, from integer counts a month.

use super::wilson::{Interval, Z_95, wilson};
use crate::num::{exp, ln, pow, sqrt};

/// Counts of endings, by cause, and of subjects lost from view, for each whole month.
///
/// Memory is flat in the number of subjects and merging is exact, because everything is computed from whole numbers at the
/// end. In a month endings come before losses: who is lost in a month was at risk in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survival {
    causes: usize,
    /// Month by month, cause by cause.
    endings: Vec<u64>,
    /// By month.
    lost: Vec<u64>,
}

/// Counts of different shape cannot be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "survival counts to month {last} with {causes} causes were given counts to month {other_last} with {other_causes}"
)]
pub struct SurvivalMismatch {
    /// Last month of the receiver.
    pub last: usize,
    /// Causes of the receiver.
    pub causes: usize,
    /// Last month of the other.
    pub other_last: usize,
    /// Causes of the other.
    pub other_causes: usize,
}

/// A share with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The share, 0–1.
    pub share: f64,
    /// Its interval, inside 0–1.
    pub interval: Interval,
}

/// One month of the product-limit estimator.
struct Step {
    month: usize,
    at_risk: u64,
    endings: u64,
    /// Share that survived all months before.
    survived: f64,
}

impl Step {
    /// Share that survives this month too.
    fn survives(&self) -> f64 {
        if self.endings == 0 {
            self.survived
        } else {
            self.survived * (self.at_risk - self.endings) as f64 / self.at_risk as f64
        }
    }
}

impl Survival {
    /// No subjects yet: months 0 to `last` and that many causes, numbered from 0.
    #[must_use]
    pub fn new(last: usize, causes: usize) -> Self {
        Self { causes, endings: vec![0; (last + 1) * causes], lost: vec![0; last + 1] }
    }

    /// Last month.
    #[must_use]
    pub fn last(&self) -> usize {
        self.lost.len() - 1
    }

    /// Counts a subject that ended in `month` for `cause`. After the last month it counts as lost in the last.
    ///
    /// # Panics
    /// When there is no such cause.
    pub fn end(&mut self, month: usize, cause: usize) {
        assert!(cause < self.causes, "cause {cause} of {}", self.causes);
        if month > self.last() {
            self.lose(month);
        } else {
            self.endings[month * self.causes + cause] += 1;
        }
    }

    /// Counts a subject last seen, still going, in `month`; in the last month if that is later.
    pub fn lose(&mut self, month: usize) {
        let month = month.min(self.last());
        self.lost[month] += 1;
    }

    /// Adds the counts of other subjects.
    ///
    /// # Errors
    /// When the months or causes differ; nothing is added then.
    pub fn merge(&mut self, other: &Self) -> Result<(), SurvivalMismatch> {
        if (self.lost.len(), self.causes) != (other.lost.len(), other.causes) {
            let (last, causes) = (self.last(), self.causes);
            return Err(SurvivalMismatch { last, causes, other_last: other.last(), other_causes: other.causes });
        }
        self.endings.iter_mut().zip(&other.endings).for_each(|(count, more)| *count += more);
        self.lost.iter_mut().zip(&other.lost).for_each(|(count, more)| *count += more);
        Ok(())
    }

    /// How many subjects were counted.
    #[must_use]
    pub fn subjects(&self) -> u64 {
        self.endings.iter().sum::<u64>() + self.lost.iter().sum::<u64>()
    }

    /// How many subjects are still in view at the beginning of `month`.
    #[must_use]
    pub fn at_risk(&self, month: usize) -> u64 {
        let first = month.min(self.lost.len());
        self.endings[first * self.causes..].iter().sum::<u64>() + self.lost[first..].iter().sum::<u64>()
    }

    fn ended_in(&self, month: usize) -> u64 {
        self.endings[month * self.causes..(month + 1) * self.causes].iter().sum()
    }

    /// The months to `month` included.
    fn steps(&self, month: usize) -> impl Iterator<Item = Step> {
        let mut at_risk = self.subjects();
        let mut survived = 1.0;
        (0..=month.min(self.last())).map(move |month| {
            let step = Step { month, at_risk, endings: self.ended_in(month), survived };
            at_risk -= step.endings + self.lost[month];
            survived = step.survives();
            step
        })
    }

    /// Whether the curve is known at `month`: somebody was still in view then, or all had ended by then.
    fn reaches(&self, month: usize) -> bool {
        self.subjects() > 0 && (self.at_risk(month) > 0 || self.share(month) == 0.0)
    }

    /// Share that survives `month`, whether or not it is known that far.
    fn share(&self, month: usize) -> f64 {
        self.steps(month).last().map_or(1.0, |step| step.survives())
    }

    /// Greenwood's sum: the variance of the logarithm of the share that survives `month`; that share is above 0.
    fn greenwood(&self, month: usize) -> f64 {
        self.steps(month)
            .filter(|step| step.endings > 0)
            .map(|step| step.endings as f64 / (step.at_risk as f64 * (step.at_risk - step.endings) as f64))
            .sum()
    }

    /// Share that survives `month` (Kaplan and Meier 1958), with Greenwood's variance on the log(-log) scale (Kalbfleisch
    /// and Prentice 1980). None where nobody was in view at `month` though some had not ended.
    ///
    /// At shares of 1 and 0 that scale is undefined: the interval is then Wilson's, of no ending among those at risk in
    /// `month`, and of no survivor among all endings.
    #[must_use]
    pub fn survival(&self, month: usize) -> Option<Estimate> {
        if !self.reaches(month) {
            return None;
        }
        let share = self.share(month);
        let interval = if share == 1.0 {
            let at_risk = self.at_risk(month);
            wilson(at_risk, at_risk)
        } else if share == 0.0 {
            wilson(0, self.steps(month).map(|step| step.endings).sum())
        } else {
            // -log S times exp(+-z se) is an exponent of S.
            let factor = exp(Z_95 * sqrt(self.greenwood(month)) / -ln(share));
            Interval { low: pow(share, factor), high: pow(share, 1.0 / factor) }
        };
        Some(Estimate { share, interval })
    }

    /// Standard error of the share that survives `month` (Greenwood 1926), 0 where it is 0 or 1. None where
    /// [`Survival::survival`] is.
    #[must_use]
    pub fn standard_error(&self, month: usize) -> Option<f64> {
        let share = self.survival(month)?.share;
        Some(if share == 0.0 { 0.0 } else { share * sqrt(self.greenwood(month)) })
    }

    /// Share that has ended for `cause` by `month` included, where the other causes compete (Aalen and Johansen 1978).
    ///
    /// The shares of all causes and that of the survivors sum to 1. None where [`Survival::survival`] is.
    ///
    /// # Panics
    /// When there is no such cause.
    #[must_use]
    pub fn incidence(&self, cause: usize, month: usize) -> Option<f64> {
        assert!(cause < self.causes, "cause {cause} of {}", self.causes);
        self.reaches(month).then(|| {
            self.steps(month)
                .filter(|step| step.endings > 0)
                .map(|step| step.survived * self.endings[step.month * self.causes + cause] as f64 / step.at_risk as f64)
                .sum()
        })
    }

    /// Share that has ended for `cause` by `month` included, with its 95 % interval: the variance of Aalen and Johansen by the
    /// delta method (Marubini and Valsecchi 1995, equation 10.12) on the log(-log) scale; Wilson's of the endings among those
    /// at risk at the start where the share is 0 or 1. None where [`Survival::survival`] is.
    ///
    /// # Panics
    /// When there is no such cause.
    #[must_use]
    pub fn incidence_estimate(&self, cause: usize, month: usize) -> Option<Estimate> {
        let share = self.incidence(cause, month)?;
        if share <= 0.0 || share >= 1.0 {
            let all = self.subjects();
            return Some(Estimate { share, interval: wilson(if share <= 0.0 { 0 } else { all }, all) });
        }
        let (mut before, mut variance) = (0.0, 0.0);
        for step in self.steps(month).filter(|step| step.endings > 0) {
            let (n, d) = (step.at_risk as f64, step.endings as f64);
            let own = self.endings[step.month * self.causes + cause] as f64;
            let now = before + step.survived * own / n;
            // How much of the incidence is still to come once this month is over.
            let rest = share - now;
            if n > d {
                variance += rest * rest * d / (n * (n - d));
            }
            variance += step.survived * step.survived * own * (n - own) / (n * n * n);
            variance -= 2.0 * rest * step.survived * own / (n * n);
            before = now;
        }
        let factor = exp(Z_95 * sqrt(variance.max(0.0)) / (share * -ln(share)));
        Some(Estimate { share, interval: Interval { low: pow(share, factor), high: pow(share, 1.0 / factor) } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Remission times in weeks under 6-mercaptopurine (Freireich et al. 1963), the textbook example.
    fn remissions() -> Survival {
        let mut survival = Survival::new(35, 1);
        for month in [6, 6, 6, 7, 10, 13, 16, 22, 23] {
            survival.end(month, 0);
        }
        for month in [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35] {
            survival.lose(month);
        }
        survival
    }

    #[test]
    fn the_textbook_curve_is_reproduced() {
        // Kalbfleisch and Prentice (1980); Collett (2003): shares and Greenwood standard errors.
        let curve = remissions();
        assert_eq!(curve.subjects(), 21);
        for (month, share, error) in [
            (5, 1.0, 0.0),
            (6, 0.857, 0.0764),
            (7, 0.807, 0.0869),
            (10, 0.753, 0.0963),
            (13, 0.690, 0.1068),
            (16, 0.627, 0.1141),
            (22, 0.538, 0.1282),
            (23, 0.448, 0.1346),
            (35, 0.448, 0.1346),
        ] {
            assert!((curve.survival(month).expect("in view").share - share).abs() < 6e-4, "week {month}");
            assert!((curve.standard_error(month).expect("in view") - error).abs() < 6e-5, "week {month}");
        }
    }

    #[test]
    fn the_interval_is_greenwoods_on_the_log_log_scale() {
        // Week 6: S = 18/21, variance term 3/(21*18) = 0.0079365, log S = -0.1541507, standard error of log(-log S)
        // sqrt(0.0079365)/0.1541507 = 0.577922, factor exp(1.959964 * 0.577922) = 3.104046,
        // S^3.104046 = exp(-0.478491) = 0.619718 and S^(1/3.104046) = exp(-0.049661) = 0.951552.
        let interval = remissions().survival(6).expect("in view").interval;
        assert!((interval.low - 0.619_718).abs() < 2e-6, "{interval:?}");
        assert!((interval.high - 0.951_552).abs() < 2e-6, "{interval:?}");
    }

    #[test]
    fn intervals_at_the_ends_are_wilsons() {
        let curve = remissions();
        assert_eq!(curve.survival(5).expect("in view").interval, wilson(21, 21));
        let mut all_end = Survival::new(3, 1);
        (0..10).for_each(|_| all_end.end(1, 0));
        assert_eq!(all_end.survival(2), Some(Estimate { share: 0.0, interval: wilson(0, 10) }));
        assert_eq!(all_end.standard_error(2), Some(0.0));
    }

    #[test]
    fn without_losses_the_curve_is_the_share_not_yet_ended() {
        let mut survival = Survival::new(10, 1);
        for month in [1, 1, 3, 7] {
            survival.end(month, 0);
        }
        let shares = [0, 1, 2, 3, 6, 7].map(|month| survival.survival(month).expect("in view").share);
        assert_eq!(shares, [1.0, 0.5, 0.5, 0.25, 0.25, 0.0]);
    }

    #[test]
    fn competing_endings_are_as_computed_by_hand() {
        // 5 at risk: month 1 cause 0, F0 = 1/5, S = 4/5. Month 2, 4 at risk: cause 1, F1 = 4/5 * 1/4 = 1/5, S = 3/5; one
        // lost. Month 3, 2 at risk: cause 0, F0 = 1/5 + 3/5 * 1/2 = 1/2, S = 3/10. Month 4: one lost.
        let mut survival = Survival::new(6, 2);
        survival.end(1, 0);
        survival.end(2, 1);
        survival.lose(2);
        survival.end(3, 0);
        survival.lose(4);
        let shares = |month| {
            [survival.incidence(0, month), survival.incidence(1, month), survival.survival(month).map(|e| e.share)]
        };
        for (month, expected) in [
            (0, [0.0, 0.0, 1.0]),
            (1, [0.2, 0.0, 0.8]),
            (2, [0.2, 0.2, 0.6]),
            (3, [0.5, 0.2, 0.3]),
            (4, [0.5, 0.2, 0.3]),
        ] {
            for (share, expected) in shares(month).into_iter().zip(expected) {
                assert!((share.expect("in view") - expected).abs() < 1e-15, "month {month}");
            }
        }
        // Nobody is in view in month 5, and three tenths had not ended.
        assert_eq!(shares(5), [None, None, None]);
        assert_eq!([0, 1, 2, 3, 4, 5].map(|month| survival.at_risk(month)), [5, 5, 4, 2, 1, 0]);
    }

    #[test]
    fn without_losses_the_interval_of_an_incidence_is_the_binomial_one_on_the_log_log_scale() {
        // 10 subjects; 3 end for cause 0 and 2 for cause 1 by month 2, 5 are in view. Nobody is lost before, so the variance
        // is p (1 - p)/n: .3 * .7/10 = .021, its root .144914, over .3 * 1.203973 = .361192: .401210; times 1.959964:
        // .786357; exp: 2.195384: .3^2.195384 = exp(-2.643183) = .071135, .3^(1/2.195384) = exp(-.548411) = .577867.
        let mut survival = Survival::new(12, 2);
        for (month, cause) in [(1, 0), (1, 1), (2, 0), (2, 0), (2, 1)] {
            survival.end(month, cause);
        }
        (0..5).for_each(|_| survival.lose(12));
        let estimate = survival.incidence_estimate(0, 2).expect("in view");
        assert!((estimate.share - 0.3).abs() < 1e-12);
        assert!((estimate.interval.low - 0.071_135).abs() < 1e-5, "{:?}", estimate.interval);
        assert!((estimate.interval.high - 0.577_867).abs() < 1e-5, "{:?}", estimate.interval);
        assert_eq!(survival.incidence_estimate(0, 0).map(|e| e.interval), Some(wilson(0, 10)));
    }

    #[test]
    fn endings_after_the_last_month_are_losses_in_it() {
        let mut late = Survival::new(3, 1);
        late.end(4, 0);
        late.lose(99);
        let mut lost = Survival::new(3, 1);
        lost.lose(3);
        lost.lose(3);
        assert_eq!(late, lost);
        assert_eq!(late.survival(3).expect("in view").share, 1.0);
        assert_eq!(Survival::new(3, 1).survival(0), None);
    }

    #[test]
    fn counts_of_different_shape_cannot_be_merged() {
        let error = Survival::new(3, 1).merge(&Survival::new(3, 2)).expect_err("causes differ");
        assert_eq!(error.to_string(), "survival counts to month 3 with 1 causes were given counts to month 3 with 2");
    }

    proptest! {
        #[test]
        fn merging_is_exact_and_shares_sum_to_one(
            subjects in proptest::collection::vec((0usize..24, 0usize..3), 1..60),
            cut in 0usize..60,
            month in 0usize..24,
        ) {
            let count = |subjects: &[(usize, usize)]| {
                let mut survival = Survival::new(20, 2);
                for &(month, cause) in subjects {
                    if cause == 2 { survival.lose(month) } else { survival.end(month, cause) }
                }
                survival
            };
            let cut = cut.min(subjects.len());
            let mut merged = count(&subjects[cut..]);
            merged.merge(&count(&subjects[..cut])).expect("same shape");
            prop_assert_eq!(&merged, &count(&subjects));
            if let Some(Estimate { share, interval }) = merged.survival(month) {
                let sum = share + merged.incidence(0, month).expect("in view") + merged.incidence(1, month).expect("in view");
                prop_assert!((sum - 1.0).abs() < 1e-12);
                prop_assert!(0.0 <= interval.low && interval.low <= share && share <= interval.high && interval.high <= 1.0);
            }
        }
    }
}
