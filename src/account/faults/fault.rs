//! What happens to a request that is hit.

use std::time::Duration;

use crate::prng::Prng;
use crate::wire::faults::{Dribble, FaultBody, Latency};

/// The longest that any wait can be.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_mins(10);

/// What happens to a request that is hit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FaultEffect {
    /// How long it takes before the answer begins.
    pub(crate) latency: Option<Latency>,
    pub(crate) outcome: Outcome,
}

/// Whether the call happens, and what its client gets.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// It happens, and this is how its answer arrives.
    Answered(Delivery),
    /// It happens, and its answer is a 200 without a body.
    EmptyBody,
    /// It does not happen. The client gets an error.
    Refused(InjectedError, Delivery),
    /// It does not happen. The client gets the error for a cursor that is no longer valid.
    ExpiredCursor,
    /// It does not happen. The connection is reset.
    Reset,
    /// It happens. If it succeeds, the connection is reset in place of its answer.
    LostAnswer,
    /// It does not happen. The client gets no answer.
    Silence,
}

impl Outcome {
    /// Whether the body arrives slowly.
    pub(crate) fn is_slow(&self) -> bool {
        let (Self::Answered(delivery) | Self::Refused(_, delivery)) = self else {
            return false;
        };
        delivery.slow_first_byte.is_some() || delivery.dribble.is_some()
    }
}

/// An error that replaces a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InjectedError {
    /// 400 to 599.
    pub(crate) status: u16,
    /// Whole seconds. Without them, a 429 says when the rate window ends.
    pub(crate) retry_after: Option<u32>,
    pub(crate) body: FaultBody,
}

/// How an answer arrives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Delivery {
    /// How long it takes from its head to the first byte of its body.
    pub(crate) slow_first_byte: Option<Duration>,
    pub(crate) dribble: Option<Dribble>,
    pub(crate) corruption: Option<Corruption>,
}

/// What is wrong with a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Corruption {
    /// The connection ends after this many bytes.
    Truncated(u32),
    /// It has the right length and is not JSON.
    Broken,
    /// The connection is reset in the middle.
    Reset,
}

impl Latency {
    /// A random latency, at most [`LONGEST_WAIT`].
    pub(crate) fn sample(self, draw: &mut Prng) -> Duration {
        let seconds = match self {
            Self::Fixed(latency) => return latency,
            Self::Uniform(least, most) => {
                let width = most.saturating_sub(least);
                return least + width.mul_f64(draw.unit());
            }
            Self::LogNormal { median, sigma } => {
                median.as_secs_f64() * (sigma * normal(draw)).exp()
            }
        };
        Duration::try_from_secs_f64(seconds)
            .map_or(LONGEST_WAIT, |latency| latency.min(LONGEST_WAIT))
    }
}

/// A number of the standard normal distribution, by Box and Muller's transform.
fn normal(draw: &mut Prng) -> f64 {
    let (radius, angle) = (draw.unit(), draw.unit());
    (-2.0 * radius.ln()).sqrt() * (std::f64::consts::TAU * angle).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(latency: Latency) -> Vec<f64> {
        let mut samples: Vec<_> = (0..10_000)
            .map(|hit| latency.sample(&mut Prng::from(hit)).as_secs_f64() * 1e3)
            .collect();
        samples.sort_by(f64::total_cmp);
        samples
    }

    /// The quantiles of the distributions by their formulas, within what 10,000 samples can show.
    #[test]
    fn draws_have_the_quantiles_of_their_distribution() {
        let ms = Duration::from_millis;
        let uniform = sorted(Latency::Uniform(ms(100), ms(300)));
        let log_normal = sorted(Latency::LogNormal {
            median: ms(200),
            sigma: 0.5,
        });
        // The quantiles of the standard normal distribution for 10, 25, 50, 75 and 90 %.
        for (index, share, normal) in [
            (1_000, 0.1, -1.2816),
            (2_500, 0.25, -0.6745),
            (5_000, 0.5, 0.0),
            (7_500, 0.75, 0.6745),
            (9_000, 0.9, 1.2816),
        ] {
            let at = |samples: &[f64]| samples.get(index).copied();
            let close = |found: Option<f64>, expected: f64| {
                assert!(
                    found.is_some_and(|found| (found / expected - 1.0).abs() < 0.03),
                    "{share}: {found:?} {expected}"
                );
            };
            close(at(&uniform), 100.0 + 200.0 * share);
            close(at(&log_normal), 200.0 * (0.5_f64 * normal).exp());
        }
        assert!(uniform.iter().all(|it| (100.0..=300.0).contains(it)));
    }

    /// No latency is longer than allowed, even of a wide distribution.
    #[test]
    fn a_draw_has_an_end() {
        let wide = sorted(Latency::LogNormal {
            median: LONGEST_WAIT,
            sigma: 10.0,
        });
        assert_eq!(
            wide.last().map(|it| it.total_cmp(&6e5)),
            Some(std::cmp::Ordering::Equal)
        );
    }
}
