//! What every class is told about the material and about playing a role.

use crate::report::document::Document;

/// The note at the end of each sheet.
pub(super) fn note(page: &mut Document) {
    page.section("About this exercise");
    page.list(
        [
            "The subject may be a real conflict in which people suffer and die. Somebody in the room may be close to it. Speak of \
             people as you would in front of those concerned; no jokes about losses, no imitation of persons or accents.",
            "You speak for a government and not for yourself. Put its case as its own officials would recognise it, at its \
             strongest; you need not agree with it, and nobody may hold it against you afterwards.",
            "The numbers are assumptions of a model, not findings about the government. If you think that one is wrong, write it \
             down: that is a result of the exercise.",
            "You may step out of your role at any moment, without a reason: say 'out of role', and speak as yourself or leave \
             the room. The one who teaches takes over your seat or gives it to somebody else.",
            "The exercise ends when everybody has laid down the role: say your own name, and one thing that you would not have \
             said as yourself. Only then the discussion begins.",
        ]
        .map(str::to_owned)
        .to_vec(),
    );
}

/// The same for whoever teaches.
pub(super) fn advice(page: &mut Document) {
    page.section("Care for the class");
    page.list(
        [
            "Say beforehand what the exercise is about, and that nobody has to play or to explain why not. Observers are welcome.",
            "Do not give a student the seat of a government with which he or she has a painful history, unless asked for it.",
            "Each sheet puts its government's case at its strongest. Do not correct a case while it is being played; correct facts \
             afterwards.",
            "Stop the game at once when somebody says 'out of role'. Go on only when that person agrees.",
            "End the roles explicitly, one by one, before the debriefing: own name, one sentence as oneself.",
            "The model knows no persons, only governments and offices, and it does not forecast. Shares of simulated histories are \
             consequences of assumptions.",
        ]
        .map(str::to_owned)
        .to_vec(),
    );
}
