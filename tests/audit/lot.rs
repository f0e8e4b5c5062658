//! A lot that always falls the same way.

/// A linear congruence is as good a lot as any, and the same on every machine.
pub(crate) struct Lot(pub(crate) u64);

impl Lot {
    /// A number below `many`.
    pub(crate) fn draw(&mut self, many: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % many
    }
}
