//! Layer 1: model files exactly as written, with the place of every key and value.
//!
//! Text in, [`model::Spec`] out. Knows no paths and does no I/O; resolves no names. The way of a model through the
//! layer: texts are parsed ([`parse`]), laid over each other ([`merge`]), read key by key ([`reader`], [`decode`]) and
//! written back as one resolved file ([`mod@write`]). [`problem::Problems`] collects what is wrong; [`codes`] explains it
//! and [`render`] finds the line.

pub mod codes;
pub mod decode;
pub mod experiment;
pub mod field;
pub mod ids;
pub mod lines;
pub mod measures;
pub mod merge;
pub mod model;
pub mod parse;
pub mod politics;
pub mod problem;
pub mod reader;
pub mod render;
pub mod scenario;
pub mod signs;
pub mod suggest;
pub mod tree;
pub mod write;

use std::collections::BTreeSet;

use lines::LineStarts;
use model::Spec;
use problem::Problems;
use tree::{Sources, Span, Table};

/// A model that was read: the spec, the merged tree behind it and everything that is wrong.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The spec; `None` when a text is not TOML or has no `[model]`. With errors in `problems` it holds placeholders
    /// and serves only to find more problems.
    pub spec: Option<Spec>,
    /// The merged tree, to be written as the resolved model.
    pub tree: Table,
    /// The texts given, and each setting as a text named `--set`.
    pub sources: Sources,
    /// What is wrong, in the order of places.
    pub problems: Problems,
}

/// Reads a model: `sources.files[0]` is the base, the others are overlays in order, then `sets` as `PATH=VALUE`.
#[must_use]
pub fn read(sources: &Sources, sets: &[String]) -> Reading {
    let mut sources = sources.clone();
    let mut problems = Problems::default();
    let mut tree = Table::default();
    for (index, file) in sources.files.iter().enumerate() {
        let id = tree::FileId(u16::try_from(index).expect("a model has a handful of files"));
        let layer = parse::parse(id, &file.text, &mut problems);
        if index == 0 {
            tree = layer;
        } else {
            merge::merge(&mut tree, layer);
        }
    }
    for setting in sets {
        let id = sources.push("--set", setting.as_str());
        merge::set(&mut tree, id, setting, &mut problems);
    }
    let broken = problems.list.iter().any(|p| parse::is_syntax(p.code));
    let mut found = Problems::default();
    let mut spec = decode::decode(&tree, &mut found);
    if broken {
        spec = None;
        drop_consequences(&mut found, &problems, &sources);
    }
    problems.absorb(found);
    problems.sort();
    Reading { spec, tree, sources, problems }
}

/// Drops the problems of a tree that may come from syntax errors: something is missing, a key has lost its section, or
/// the problem stands on the line of a syntax error.
fn drop_consequences(found: &mut Problems, syntax: &Problems, sources: &Sources) {
    let lines: Vec<LineStarts> = sources.files.iter().map(|file| LineStarts::new(&file.text)).collect();
    let line = |span: Span| lines.get(usize::from(span.file.0)).map(|l| (span.file, l.line(span.start as usize)));
    let broken: BTreeSet<_> = syntax.list.iter().filter_map(|p| p.span).filter_map(line).collect();
    found.list.retain(|p| {
        let lost = p.code == "E0102" || p.code == "E0108" || (p.code == "E0101" && !p.path.contains('.'));
        !lost && p.span.and_then(line).is_some_and(|at| !broken.contains(&at))
    });
}

#[cfg(test)]
mod tests;
