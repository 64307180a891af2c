//! A configuration document as a tree whose every key and value knows where it was written.

/// Index of a source text in [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct FileId(pub u16);

/// A byte range in one source text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Span {
    /// The text the range lies in.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// One text that was read: a model file, an overlay, or a `--set` argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The name to print in messages, a path or `--set`.
    pub name: String,
    /// The text as read.
    pub text: String,
}

/// All texts behind one model, in the order of reading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// The texts; [`FileId`] is the position here.
    pub files: Vec<SourceFile>,
}

/// A key and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// The key's text, unquoted.
    pub name: String,
    /// Where it stands.
    pub span: Span,
}

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it stands.
    pub span: Span,
}

/// A TOML value. Times of day are not part of the language.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A finite floating-point number.
    Float(f64),
    /// A string: a name, a sentence or an expression.
    Text(String),
    /// A calendar date.
    Date(Date),
    /// An array.
    Array(Vec<Node>),
    /// A table, in the order written.
    Table(Table),
}

/// A calendar date of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// Year, 1–9999.
    pub year: u16,
    /// Month, 1–12.
    pub month: u8,
    /// Day of the month, 1–31.
    pub day: u8,
}

/// Key–value pairs in the order written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The pairs.
    pub entries: Vec<(Key, Node)>,
}
