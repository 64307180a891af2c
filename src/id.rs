//! Typed indices of model elements.
//!
//! Every element of a compiled model is addressed by a small index into the vector that holds it. The index types
//! differ, so that an issue cannot be used where an actor is meant.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub struct $name(pub u16);

        impl $name {
            /// Position of the element in its vector.
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }

            /// Id of the element at `index`.
            ///
            /// # Panics
            /// When `index` exceeds 65,535; the compiler refuses models with that many elements of one kind.
            #[must_use]
            pub fn new(index: usize) -> Self {
                Self(u16::try_from(index).expect("the compiler caps every section at 65,535 elements"))
            }
        }
    )+};
}

ids! {
    /// An actor: a government, an office or a player of a classic game.
    ActorId,
    /// A body with members and quotas (EU, NATO).
    BodyId,
    /// An issue on the table.
    IssueId,
    /// A drawn or computed parameter.
    ParamId,
    /// A state variable.
    StateId,
    /// A derived value.
    DerivedId,
    /// A named ending.
    EndingId,
    /// A hazard.
    HazardId,
    /// A lever.
    LeverId,
    /// A dated or conditional event.
    EventId,
    /// A guarantee.
    GuaranteeId,
    /// An attack that is possible while an agreement stands.
    AttackId,
    /// A ratifier.
    RatifierId,
    /// A declared outcome.
    OutcomeId,
    /// A named package.
    PackageId,
}
