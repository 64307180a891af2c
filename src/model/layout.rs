//! Where each variable lives in the lane slots of a frame.
//!
//! The order is: state, derived, step variables, types, private parameters, issues, security variables, public acts, end
//! variables. One frame serves state, packages and endings alike.

/// First slots of each group of lane variables; see [`Layout::new`] for the order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// State variables: `state + StateId`.
    pub state: u32,
    /// Derived values: `derived + DerivedId`.
    pub derived: u32,
    /// `month`: months since the start.
    pub month: u32,
    /// `months_in_regime`.
    pub months_in_regime: u32,
    /// `regime`, a choice of `war`, `settled`.
    pub regime: u32,
    /// `years_ahead`: of a node of an attack, 0 elsewhere.
    pub years_ahead: u32,
    /// `mediating`: 1 until an event ends mediation.
    pub mediating: u32,
    /// `<actor>.type`: `types + ActorId`, a choice of its types.
    pub types: u32,
    /// Private parameters, in order of declaration.
    pub private: u32,
    /// Issues: `issues + IssueId`; the option's index, or the number of a numeric issue.
    pub issues: u32,
    /// `G`: deterrent strength of the register, first attack, first node, true will.
    pub g: u32,
    /// `G_hat`: the same as believed.
    pub g_hat: u32,
    /// `attack_prob`: forecast probability of an attack within 8 years.
    pub attack_prob: u32,
    /// `offered_by`: a choice of actors and `nobody`: who proposed last.
    pub offered_by: u32,
    /// `refused_by`: a choice of actors and `nobody`: who refused last.
    pub refused_by: u32,
    /// `failed_votes`: ratifications that failed so far.
    pub failed_votes: u32,
    /// `refusals.<actor>`: `refusals + ActorId`: how often it refused so far.
    pub refusals: u32,
    /// `offered.<issue>`: option or number in the latest offer, the status quo before any: `offered + IssueId`, Step stage.
    pub offered: u32,
    /// `pledged.<coalition>`: `pledged + coalition`, 10,000 troops that are on offer.
    pub pledged: u32,
    /// `partners.<coalition>`: `partners + coalition`, states that contribute.
    pub partners: u32,
    /// `signed.<instrument>`: 1 once it was signed: `signed + index`.
    pub signed: u32,
    /// `broken_by`: a choice of actors and `nobody`: who broke a truce last.
    pub broken_by: u32,
    /// End variables: `end + EndVariable`.
    pub end: u32,
    /// `predicted.<issue>`: option or number in the first predicted deal: `predicted + IssueId`, End stage.
    pub predicted: u32,
    /// `prospect.<actor>`: what the talks were worth to it when they began: `prospect + ActorId`, End stage.
    pub prospect: u32,
    /// What is left of each fading effect; no expression reads it.
    pub fading: u32,
    /// Number of those.
    pub n_fading: u32,
    /// `threatened.<lever>`, `promised.<lever>`: 1 while the pledge stands, `announced + Pledge::slot`.
    pub announced: u32,
    /// Step by which each pledge is due; no expression reads it.
    pub due: u32,
    /// Number of threats and promises.
    pub n_pledges: u32,
    /// `credibility.<actor>`, `broken.<actor>`, `kept.<actor>`, each `+ ActorId`; only in models with threats or promises.
    pub credibility: u32,
    /// Pledges broken.
    pub broken: u32,
    /// Pledges kept.
    pub kept: u32,
    /// `stands.<instrument>`: 1 while it is in force, `stands + index`; only in models with several instruments.
    pub stands: u32,
    /// `ended.<instrument>`: 1 once it has ended, likewise.
    pub ended: u32,
    /// `total.<tally>`, End stage.
    pub totals: u32,
    /// Number of lane slots.
    pub len: u32,
}

/// Variables known when the negotiation is over, in the order of their slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndVariable {
    /// `agreement_month`: month of the signature, -1 if none.
    AgreementMonth,
    /// `end_month`: month in which the replication ended.
    EndMonth,
    /// `ending`: a choice of `none` and the endings: which ending struck, if any.
    Ending,
    /// `attacked`: 1 if the settlement was broken by an attack.
    Attacked,
    /// `attack_month`: months from signature to attack, -1 if none.
    AttackMonth,
    /// `answered`: 1 if a guarantor answered the attack.
    Answered,
    /// `lost`: 1 if the attack succeeded.
    Lost,
    /// `zopa_width`: largest over the talks.
    ZopaWidth,
    /// `ripe_months`.
    RipeMonths,
    /// `walked_out`: 1 if somebody walked out.
    WalkedOut,
    /// `broke_down`: 1 if the talks broke down.
    BrokeDown,
    /// `forecast`: the proposer's forecast chance that its first offer is accepted by all, -1 if no offer was made.
    Forecast,
    /// `offers`: number of offers made.
    Offers,
    /// `truces_broken`: number of truces that ended in war.
    TrucesBroken,
    /// `truce_months`: months spent in a truce.
    TruceMonths,
}

impl EndVariable {
    /// All of them with their names, in slot order.
    pub const ALL: [(Self, &'static str); 15] = [
        (Self::AgreementMonth, "agreement_month"),
        (Self::EndMonth, "end_month"),
        (Self::Ending, "ending"),
        (Self::Attacked, "attacked"),
        (Self::AttackMonth, "attack_month"),
        (Self::Answered, "answered"),
        (Self::Lost, "lost"),
        (Self::ZopaWidth, "zopa_width"),
        (Self::RipeMonths, "ripe_months"),
        (Self::WalkedOut, "walked_out"),
        (Self::BrokeDown, "broke_down"),
        (Self::Forecast, "forecast"),
        (Self::Offers, "offers"),
        (Self::TrucesBroken, "truces_broken"),
        (Self::TruceMonths, "truce_months"),
    ];
}

/// Sizes that fix a layout.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sizes {
    /// State variables.
    pub states: usize,
    /// Derived values.
    pub derived: usize,
    /// Actors.
    pub actors: usize,
    /// Private parameters.
    pub private: usize,
    /// Issues.
    pub issues: usize,
    /// Coalitions.
    pub coalitions: usize,
    /// Effects that fade.
    pub fading: usize,
    /// Threats and promises.
    pub pledges: usize,
    /// Instruments.
    pub instruments: usize,
    /// Tallies.
    pub tallies: usize,
}

impl Layout {
    /// The layout of a model of these sizes.
    #[must_use]
    pub fn new(sizes: Sizes) -> Self {
        let mut next = 0_u32;
        let mut take = |n: usize| {
            let first = next;
            next += u32::try_from(n).expect("the compiler caps every section at 65,535 elements");
            first
        };
        let mut layout = Self {
            state: take(sizes.states),
            derived: take(sizes.derived),
            month: take(1),
            months_in_regime: take(1),
            regime: take(1),
            years_ahead: take(1),
            mediating: take(1),
            types: take(sizes.actors),
            private: take(sizes.private),
            issues: take(sizes.issues),
            g: take(1),
            g_hat: take(1),
            attack_prob: take(1),
            offered_by: take(1),
            refused_by: take(1),
            failed_votes: take(1),
            refusals: take(sizes.actors),
            offered: take(sizes.issues),
            pledged: take(sizes.coalitions),
            partners: take(sizes.coalitions),
            signed: take(sizes.instruments),
            broken_by: take(1),
            end: take(EndVariable::ALL.len()),
            predicted: take(sizes.issues),
            prospect: take(sizes.actors),
            fading: take(sizes.fading),
            n_fading: sizes.fading as u32,
            announced: take(sizes.pledges),
            due: take(sizes.pledges),
            n_pledges: sizes.pledges as u32,
            credibility: take(if sizes.pledges > 0 { sizes.actors } else { 0 }),
            broken: take(if sizes.pledges > 0 { sizes.actors } else { 0 }),
            kept: take(if sizes.pledges > 0 { sizes.actors } else { 0 }),
            stands: take(if sizes.instruments > 1 { sizes.instruments } else { 0 }),
            ended: take(if sizes.instruments > 1 { sizes.instruments } else { 0 }),
            totals: take(sizes.tallies),
            len: 0,
        };
        layout.len = take(0);
        layout
    }
}
