//! Pseudo-random numbers: the same start gives the same numbers. A crate may change its numbers
//! with a new version, and generated agents and latencies would change with them.

/// A generator: splitmix64.
#[derive(Debug)]
pub(crate) struct Prng(u64);

impl Prng {
    pub(crate) fn from(start: u64) -> Self {
        Self(start)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below `bound`, or 0 if `bound` is 0. Multiplying is faster than dividing.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        let scaled = (u128::from(self.next()) * u128::from(bound)) >> 64;
        u64::try_from(scaled).unwrap_or_default()
    }

    /// A number between 0 and 1, both excluded.
    pub(crate) fn unit(&mut self) -> f64 {
        let drawn = u32::try_from(self.next() >> 32).unwrap_or_default();
        (f64::from(drawn) + 0.5) / (f64::from(u32::MAX) + 1.0)
    }
}
