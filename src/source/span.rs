//! Files and places in them.

use std::sync::{Arc, LazyLock, OnceLock};

use camino::{Utf8Path, Utf8PathBuf};

/// One file of [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// Bytes `start..end` of one file. Both lie on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    pub file: FileId,
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let clamp = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
        Self { file, start: clamp(start), end: clamp(end) }
    }

    /// From the start of `self` to the end of `other`; both in one file.
    pub fn to(self, other: Span) -> Span {
        Span { end: other.end.max(self.end), ..self }
    }

    /// Whether `other` lies in it.
    pub fn holds(self, other: Span) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }

    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// One text and what people call it.
#[derive(Debug, Clone)]
pub struct SourceFile {
    pub path: Utf8PathBuf,
    pub text: Arc<str>,
    /// Found when first asked for: of most files nothing is told.
    line_starts: OnceLock<Vec<u32>>,
}

/// Line and column, both from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

impl SourceFile {
    fn new(path: Utf8PathBuf, text: Arc<str>) -> Self {
        Self { path, text, line_starts: OnceLock::new() }
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let starts = self.text.match_indices('\n').map(|(at, _)| at as u32 + 1);
            std::iter::once(0).chain(starts).collect()
        })
    }

    pub fn position(&self, byte: u32) -> Position {
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start <= byte);
        let start = line.checked_sub(1).and_then(|line| starts.get(line)).map_or(0, |start| *start as usize);
        let end = (byte as usize).min(self.text.len());
        let column = self.text.get(start..end).map_or(0, |text| text.chars().count()) + 1;
        Position { line, column }
    }

    /// The span of line `line` (from 1) without its line break and surrounding blanks.
    pub fn line_span(&self, file: FileId, line: usize) -> Span {
        let start = self.line_starts().get(line.saturating_sub(1)).map_or(self.text.len(), |start| *start as usize);
        let text = self.text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("");
        let indent = text.len() - text.trim_start().len();
        Span::new(file, start + indent, start + text.trim_end().len().max(indent))
    }
}

/// What has no place in any text, such as text that was rendered, stands here.
static NOWHERE: LazyLock<SourceFile> = LazyLock::new(|| SourceFile::new("".into(), "".into()));

/// Every text that a diagnostic may show.
#[derive(Debug, Default, Clone)]
pub struct Sources {
    /// Where the files lie, from where people stand.
    folder: Utf8PathBuf,
    files: Vec<SourceFile>,
}

impl Sources {
    /// Of a world whose folder is called so.
    pub fn below(folder: impl Into<Utf8PathBuf>) -> Self {
        Self { folder: folder.into(), ..Self::default() }
    }

    /// A file of the world.
    pub fn add(&mut self, path: impl AsRef<Utf8Path>, text: impl Into<Arc<str>>) -> FileId {
        self.push(self.called(path), text.into())
    }

    /// A file that travels with us: it lies in no folder.
    pub fn add_built_in(&mut self, path: impl Into<Utf8PathBuf>, text: impl Into<Arc<str>>) -> FileId {
        self.push(path.into(), text.into())
    }

    fn push(&mut self, path: Utf8PathBuf, text: Arc<str>) -> FileId {
        let id = FileId(self.files.len() as u32);
        self.files.push(SourceFile::new(path, text));
        id
    }

    /// What people call a path of the world.
    pub fn called(&self, path: impl AsRef<Utf8Path>) -> Utf8PathBuf {
        self.folder.join(path.as_ref())
    }

    pub fn file(&self, id: FileId) -> &SourceFile {
        self.files.get(id.0 as usize).unwrap_or(&NOWHERE)
    }

    /// The file, if there is one of this number.
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.range()).unwrap_or("")
    }

    pub fn position(&self, span: Span) -> Position {
        self.file(span.file).position(span.start)
    }
}
