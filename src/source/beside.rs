//! Files that go with a model without being part of it: in the directory of its scenarios, under names of their own.

use super::embedded;
use super::file::read_text;
use super::load::{LoadError, directory_of};
use crate::spec::tree::SourceFile;

/// The table of contrasts.
pub const SIGNS: &str = "signs.toml";
/// Rows of the inventory that are context only, with reasons.
pub const CONTEXT: &str = "context.toml";
/// Rows of the inventory, with paraphrases.
pub const INVENTORY: &str = "inventory.csv";
/// Which rows of the inventory move an output, as measured.
pub const COVERAGE: &str = "coverage.csv";

/// The file of that name that goes with a model: embedded for one that ships, in the directory `x/` for a file `x.toml`;
/// none where there is no such file.
///
/// # Errors
/// When there is no such model, or the file cannot be read.
pub fn beside(model: &str, name: &str) -> Result<Option<SourceFile>, LoadError> {
    let Some(directory) = directory_of(model)? else {
        let shipped = embedded::model(model).and_then(|file| embedded::companion(file, name));
        return Ok(shipped.map(|file| SourceFile { name: file.path(), text: file.text.to_owned() }));
    };
    let path = directory.join(name);
    if !path.exists() {
        return Ok(None);
    }
    let text = read_text(&path)?;
    Ok(Some(SourceFile { name: path.display().to_string(), text }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::load::overlays;

    #[test]
    fn a_companion_is_no_scenario() {
        let directory = tempfile::tempdir().unwrap();
        let model = directory.path().join("m.toml");
        std::fs::write(&model, "").unwrap();
        std::fs::create_dir(directory.path().join("m")).unwrap();
        std::fs::write(directory.path().join("m/signs.toml"), "# contrasts").unwrap();
        std::fs::write(directory.path().join("m/a.toml"), "x = 2").unwrap();
        let model = model.to_str().unwrap();
        assert_eq!(overlays(model).unwrap().len(), 1);
        assert_eq!(beside(model, SIGNS).unwrap().unwrap().text, "# contrasts");
        assert_eq!(beside(model, COVERAGE).unwrap(), None);
    }

    #[test]
    fn the_shipped_table_of_contrasts_is_embedded() {
        let file = beside("ukraine-2025", SIGNS).unwrap().unwrap();
        assert_eq!(file.name, "models/ukraine-2025/signs.toml");
        assert_eq!(beside("fearon", SIGNS).unwrap(), None);
        assert!(beside("nothing", SIGNS).is_err());
    }
}
