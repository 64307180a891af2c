//! Layer 0: random numbers by coordinates.
//!
//! Every random number is a pure function of (seed, replication, entity, purpose, round) and of its position among the
//! draws there. Nothing depends on who drew before, so adding an actor, a lever or a parameter shifts nobody else's
//! numbers, and a replication alone equals the same row of a batch. The only place that names `rand_chacha`.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::num::{ln, normal_quantile};

/// Who draws: a stable key made from a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entity(u64);

impl Entity {
    /// The entity of a dotted path such as `actors.RU`: the first eight bytes of the BLAKE3 hash of the name, little-endian.
    #[must_use]
    pub fn named(name: &str) -> Self {
        let hash = blake3::hash(name.as_bytes());
        let mut key = [0; 8];
        key.copy_from_slice(&hash.as_bytes()[..8]);
        Self(u64::from_le_bytes(key))
    }

    /// The key itself.
    #[must_use]
    pub const fn key(self) -> u64 {
        self.0
    }
}

/// What is drawn. Tags are part of every result: never renumber one, never reuse one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u64)]
pub enum Purpose {
    /// The value of a parameter in a replication.
    Parameter = 1,
    /// The type of an actor, or whether it stalls.
    TypeDraw = 2,
    /// Shocks to state and to persistent misjudgement.
    Noise = 3,
    /// Who proposes.
    Recognition = 4,
    /// Whether anybody proposes in a step.
    OfferChance = 5,
    /// Noise of the choice among packages, positioned by package.
    OfferNoise = 6,
    /// The answer to a proposal.
    Answer = 7,
    /// The consent of whoever must deliver.
    Consent = 8,
    /// The vote of a ratifier.
    Ratification = 9,
    /// Whether an actor reviews its levers.
    LeverReview = 10,
    /// Which lever it moves.
    LeverChoice = 11,
    /// Whether a hazard strikes.
    Hazard = 12,
    /// Whether an agreement is attacked.
    Attack = 13,
    /// Whether a guarantor answers.
    GuarantorAnswer = 14,
    /// How a renewed war ends.
    WarOutcome = 15,
    /// Whether a stalling actor stalls.
    Stalling = 16,
    /// Events.
    Event = 17,
    /// Whether the talks break down.
    Breakdown = 18,
    /// The common cause of correlated parameters.
    CommonCause = 19,
    /// Who follows in an office.
    Transition = 20,
    /// Noise of the choice of a contribution, positioned by size.
    Contribution = 21,
    /// Whether a guarantor answers an act of pressure.
    Call = 22,
    /// Whether revocable options are withdrawn after a breach.
    Snapback = 30,
    /// Where the search for candidates starts.
    Search = 40,
    /// Whether an actor keeps its word when a threat or promise of it is called.
    Pledge = 41,
    /// Whether providers supply an imposed instrument.
    Supply = 50,
    /// The answer of a logit tactic, and whether it makes an offer.
    LogitChoice = 60,
    /// Which of its own offers a tactic repeats.
    Repeat = 61,
    /// Whether a state jumps in a step.
    Jump = 71,
    /// Points of a design.
    Design = 80,
    /// Resamples of a bootstrap.
    Bootstrap = 81,
    /// The seed of a point whose draws are its own.
    PointSeed = 82,
}

/// The random streams of one replication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Streams {
    /// Seed of the run; any number, 0 included.
    pub seed: u64,
    /// Number of the replication, from 0.
    pub replication: u64,
}

impl Streams {
    /// The draws of `entity` for `purpose` in `round` (any counter; 0 for draws made once a replication).
    ///
    /// `ChaCha8` with the key seed, replication, entity, tag of the purpose (little-endian, 8 bytes each), and the round as
    /// stream number.
    #[must_use]
    pub fn draw(&self, entity: Entity, purpose: Purpose, round: u64) -> Draw {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&self.seed.to_le_bytes());
        key[8..16].copy_from_slice(&self.replication.to_le_bytes());
        key[16..24].copy_from_slice(&entity.0.to_le_bytes());
        key[24..].copy_from_slice(&(purpose as u64).to_le_bytes());
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(round);
        Draw { generator, position: 0 }
    }
}

/// A sequence of random numbers at one coordinate. One number of any sampler uses up one position.
#[derive(Clone, Debug)]
pub struct Draw {
    generator: ChaCha8Rng,
    /// Position of the next number; wider than the positions that can be asked for, so that it never wraps.
    position: u128,
}

impl Draw {
    /// Goes to a position, from 0: the next number is the one found there, whatever was drawn before.
    ///
    /// Going a few positions forward is cheap; going back or far costs a block of the generator.
    pub fn at(&mut self, position: u64) -> &mut Self {
        const NEAR: u128 = 16;
        let position = u128::from(position);
        match position.checked_sub(self.position) {
            Some(ahead) if ahead <= NEAR => {
                for _ in 0..ahead {
                    self.generator.next_u64();
                }
            }
            // Two words of 32 bits make a number.
            _ => self.generator.set_word_pos(2 * position),
        }
        self.position = position;
        self
    }

    /// A number uniform in the open interval (0, 1): an odd multiple of 2^-53, so that 1 minus it is another, exactly.
    #[must_use]
    pub fn unit(&mut self) -> f64 {
        const SCALE: f64 = 1.0 / (1u64 << 53) as f64;
        self.position += 1;
        let k = self.generator.next_u64() >> 12;
        (2 * k + 1) as f64 * SCALE
    }

    /// A standard normal number, by inversion.
    #[must_use]
    pub fn normal(&mut self) -> f64 {
        normal_quantile(self.unit())
    }

    /// True with probability `p`: never at 0 and below, always at 1 and above.
    #[must_use]
    pub fn bernoulli(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// An index drawn with probability proportional to its weight; never one whose weight is zero.
    ///
    /// Weights are finite and not negative; they need not sum to 1. The last index if all weights are zero.
    ///
    /// # Panics
    /// When there are no weights.
    #[must_use]
    pub fn index(&mut self, weights: &[f64]) -> usize {
        assert!(!weights.is_empty(), "an index needs at least one weight");
        let total: f64 = weights.iter().sum();
        let target = self.unit() * total;
        let mut sum = 0.0;
        for (i, weight) in weights.iter().enumerate() {
            sum += weight;
            if target < sum {
                return i;
            }
        }
        // Only rounding of `target` up to `total`, or zeros, lead here.
        weights.iter().rposition(|w| *w > 0.0).unwrap_or(weights.len() - 1)
    }

    /// A standard Gumbel number, by inversion: the argmax of log weights plus Gumbel noise is a draw by those weights.
    #[must_use]
    pub fn gumbel(&mut self) -> f64 {
        -ln(-ln(self.unit()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const STREAMS: Streams = Streams { seed: 2025, replication: 3 };

    fn first_bits(seed: u64, replication: u64, entity: &str, purpose: Purpose, round: u64) -> u64 {
        Streams { seed, replication }.draw(Entity::named(entity), purpose, round).unit().to_bits()
    }

    #[test]
    fn numbers_at_known_coordinates_never_change() {
        // First two units: computed by an independent ChaCha with 8 rounds (Python, from RFC 8439's quarter round) from the
        // key layout documented at `Streams::draw`. Normal and Gumbel numbers: pinned.
        let max = u64::MAX;
        for (seed, replication, name, purpose, round, units) in [
            (0, 0, "actors.RU", Purpose::Parameter, 0, [0.652_375_086_885_030_1, 0.918_010_810_165_374_7]),
            (2025, 3, "actors.RU", Purpose::Answer, 7, [0.553_464_263_403_823_9, 0.292_172_943_360_083_6]),
            (2025, 3, "actors.UA", Purpose::Event, 119, [0.364_369_886_189_851_8, 0.329_742_364_022_029_5]),
            (max, max, "", Purpose::Noise, max, [0.326_226_625_017_248_4, 0.588_553_439_981_212_1]),
        ] {
            let mut draw = Streams { seed, replication }.draw(Entity::named(name), purpose, round);
            assert_eq!([draw.unit(), draw.unit()], units, "{seed} {replication} {name} {purpose:?} {round}");
        }
        let mut draw = STREAMS.draw(Entity::named("actors.RU"), Purpose::Answer, 7);
        assert_eq!((draw.at(2).normal(), draw.gumbel()), (0.198_361_024_082_780_86, -0.068_765_644_958_332_05));
    }

    #[test]
    fn keys_of_names_are_their_blake3_hashes() {
        // blake3 of the Python package of that name, first eight bytes, little-endian.
        assert_eq!(Entity::named("actors.RU").key(), 0x689c_3a56_4e16_3dc1);
        assert_eq!(Entity::named("").key(), 0xa6a1_f9f5_b949_13af);
    }

    #[test]
    fn changing_any_coordinate_changes_the_numbers() {
        let mut seen = vec![
            first_bits(2025, 3, "actors.RU", Purpose::Answer, 7),
            first_bits(2026, 3, "actors.RU", Purpose::Answer, 7),
            first_bits(2025, 4, "actors.RU", Purpose::Answer, 7),
            first_bits(2025, 3, "actors.UA", Purpose::Answer, 7),
            first_bits(2025, 3, "actors.RU", Purpose::Consent, 7),
            first_bits(2025, 3, "actors.RU", Purpose::Answer, 8),
            // Coordinates are not interchangeable.
            first_bits(3, 2025, "actors.RU", Purpose::Answer, 7),
            first_bits(0, 0, "actors.RU", Purpose::Answer, 7),
            first_bits(0, 1, "actors.RU", Purpose::Answer, 7),
        ];
        let all = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), all);
    }

    #[test]
    fn a_position_holds_the_same_number_whatever_was_drawn_before() {
        let fresh = || STREAMS.draw(Entity::named("actors.RU"), Purpose::OfferNoise, 5);
        let in_order: Vec<f64> = {
            let mut draw = fresh();
            (0..400).map(|_| draw.unit()).collect()
        };
        let mut draw = fresh();
        // Forward by little, over block ends, far, back, and staying.
        for position in [0, 0, 1, 9, 8, 40, 56, 57, 399, 31, 32, 33, 64, 3] {
            assert_eq!(draw.at(position as u64).unit(), in_order[position], "position {position}");
        }
        assert_eq!(draw.unit(), in_order[4]);
        let mut far = fresh();
        let there = far.at(u64::MAX).unit();
        assert_eq!(fresh().at(u64::MAX).unit(), there);
        assert_eq!(far.at(0).unit(), in_order[0]);
    }

    #[test]
    fn units_are_uniform() {
        // N = 100,000: mean 1/2 with standard error 0.2887/sqrt(N) = 9.1e-4; mean square 1/3 with standard error
        // sqrt(1/5 - 1/9)/sqrt(N) = 9.4e-4. Both within 4.5 standard errors.
        let n = 100_000;
        let (mut sum, mut squares) = (0.0, 0.0);
        for replication in 0..n {
            let u = Streams { seed: 0, replication }.draw(Entity::named("x"), Purpose::Noise, 0).unit();
            sum += u;
            squares += u * u;
        }
        assert!((sum / n as f64 - 0.5).abs() < 0.0041);
        assert!((squares / n as f64 - 1.0 / 3.0).abs() < 0.0042);
    }

    #[test]
    fn neighbouring_rounds_are_uncorrelated() {
        // N = 100,000: standard error of the correlation 1/sqrt(N) = 0.0032; 4.5 of them are 0.0142.
        let n = 100_000;
        let u = |round| STREAMS.draw(Entity::named("x"), Purpose::Noise, round).normal();
        let sum: f64 = (0..n).map(|round| u(round) * u(round + 1)).sum();
        assert!((sum / n as f64).abs() < 0.0142);
    }

    #[test]
    fn indices_follow_their_weights_and_zero_weights_are_never_drawn() {
        // N = 50,000, weights 1:0:3: share of index 0 is 1/4 with standard error sqrt(3/16/N) = 0.0019; 4.5 are 0.0087.
        let mut draw = STREAMS.draw(Entity::named("x"), Purpose::Recognition, 0);
        let mut counts = [0u32; 4];
        for _ in 0..50_000 {
            counts[draw.index(&[1.0, 0.0, 3.0, 0.0])] += 1;
        }
        assert_eq!((counts[1], counts[3]), (0, 0));
        assert!((f64::from(counts[0]) / 50_000.0 - 0.25).abs() < 0.0087);
    }

    #[test]
    fn certain_and_impossible_events_are_exact() {
        let mut draw = STREAMS.draw(Entity::named("x"), Purpose::Hazard, 0);
        for _ in 0..1000 {
            assert!(draw.bernoulli(1.0));
            assert!(!draw.bernoulli(0.0));
        }
    }

    #[test]
    fn the_largest_of_gumbel_noise_follows_the_weights() {
        // N = 50,000, weights 1:3, as above.
        let mut draw = STREAMS.draw(Entity::named("x"), Purpose::OfferNoise, 0);
        let first = (0..50_000).filter(|_| draw.gumbel() > ln(3.0) + draw.gumbel()).count();
        assert!((first as f64 / 50_000.0 - 0.25).abs() < 0.0087);
    }

    #[test]
    fn tags_of_purposes_never_change() {
        let tags = [
            (Purpose::Parameter, 1),
            (Purpose::TypeDraw, 2),
            (Purpose::Noise, 3),
            (Purpose::Recognition, 4),
            (Purpose::OfferChance, 5),
            (Purpose::OfferNoise, 6),
            (Purpose::Answer, 7),
            (Purpose::Consent, 8),
            (Purpose::Ratification, 9),
            (Purpose::LeverReview, 10),
            (Purpose::LeverChoice, 11),
            (Purpose::Hazard, 12),
            (Purpose::Attack, 13),
            (Purpose::GuarantorAnswer, 14),
            (Purpose::WarOutcome, 15),
            (Purpose::Stalling, 16),
            (Purpose::Event, 17),
            (Purpose::Breakdown, 18),
            (Purpose::CommonCause, 19),
            (Purpose::Transition, 20),
            (Purpose::Contribution, 21),
            (Purpose::Call, 22),
            (Purpose::Snapback, 30),
            (Purpose::Search, 40),
            (Purpose::Pledge, 41),
            (Purpose::Supply, 50),
            (Purpose::LogitChoice, 60),
            (Purpose::Repeat, 61),
            (Purpose::Jump, 71),
            (Purpose::Design, 80),
            (Purpose::Bootstrap, 81),
            (Purpose::PointSeed, 82),
        ];
        assert!(tags.iter().all(|&(purpose, tag)| purpose as u64 == tag));
    }

    proptest! {
        #[test]
        fn units_stay_inside_the_open_interval(seed: u64, replication: u64, round: u64) {
            let u = Streams { seed, replication }.draw(Entity::named("x"), Purpose::Noise, round).unit();
            prop_assert!(u > 0.0 && u < 1.0 && 1.0 - (1.0 - u) == u);
        }
    }
}
