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

impl Span {
    /// A range of bytes in `file`; texts are at most 8 MiB, so `u32` holds every place.
    #[must_use]
    pub fn new(file: FileId, range: std::ops::Range<usize>) -> Self {
        let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { file, start: byte(range.start), end: byte(range.end) }
    }
}

impl Sources {
    /// Sources of a single text.
    #[must_use]
    pub fn single(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { files: vec![SourceFile { name: name.into(), text: text.into() }] }
    }

    /// Appends a text and returns its id.
    ///
    /// # Panics
    /// With more than 65,535 texts; callers read a handful.
    pub fn push(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = FileId(u16::try_from(self.files.len()).expect("a model has a handful of files and settings"));
        self.files.push(SourceFile { name: name.into(), text: text.into() });
        id
    }
}

impl Table {
    /// Position of a key.
    #[must_use]
    pub fn position(&self, key: &str) -> Option<usize> {
        self.entries.iter().position(|(k, _)| k.name == key)
    }

    /// Value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.position(key).map(|at| &self.entries[at].1)
    }

    /// Value of a key, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.position(key).map(|at| &mut self.entries[at].1)
    }

    /// The keys in the order written.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|(key, _)| key.name.as_str())
    }

    /// Whether both hold the same keys and values in the same order, wherever they were written.
    #[must_use]
    pub fn same_values(&self, other: &Self) -> bool {
        self.entries.len() == other.entries.len()
            && self
                .entries
                .iter()
                .zip(&other.entries)
                .all(|((k, v), (other_k, other_v))| k.name == other_k.name && v.value.same(&other_v.value))
    }
}

impl Value {
    /// Whether both are the same value, bit for bit, wherever they were written.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits(),
            (Self::Array(a), Self::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.value.same(&b.value))
            }
            (Self::Table(a), Self::Table(b)) => a.same_values(b),
            _ => self == other,
        }
    }

    /// What it is, in words for a message: `the number 3`, `a list`.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Bool(flag) => format!("`{flag}`"),
            Self::Int(number) => format!("the number {number}"),
            Self::Float(number) => format!("the number {number:?}"),
            Self::Text(text) if text.is_empty() => "an empty text".to_owned(),
            Self::Text(text) if text.chars().count() <= 40 => format!("the text `{}`", text.escape_debug()),
            Self::Text(_) => "a text".to_owned(),
            Self::Date(date) => format!("the date {date}"),
            Self::Array(items) if items.is_empty() => "an empty list".to_owned(),
            Self::Array(_) => "a list".to_owned(),
            Self::Table(table) if table.entries.is_empty() => "an empty table".to_owned(),
            Self::Table(_) => "a table".to_owned(),
        }
    }

    /// The table, if it is one.
    #[must_use]
    pub fn as_table(&self) -> Option<&Table> {
        if let Self::Table(table) = self { Some(table) } else { None }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The items, if it is a list.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Node]> {
        if let Self::Array(items) = self { Some(items) } else { None }
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}
