//! The files of `routing-rules/phrases/`: example sentences by category, and the lexicons.
//!
//! One strict grammar for all of them; a file holds whichever parts it is about.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use toml::Spanned;

use super::pattern::Pattern;
use crate::codes::{CategoryCode, SectorCode};
use crate::file_error::FileError;
use crate::kinds::{Handoff, Kind};
use crate::text::fold;

/// A sentence of which the category is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrainingPhrase {
    /// Its category; `None` for what belongs to no desk (greetings, advertising, noise).
    pub category: Option<CategoryCode>,
    /// The sentence as somebody would write it.
    pub text: String,
    /// Whether it is a keyword: short, and decisive wherever it stands.
    pub keyword: bool,
}

/// Where a category's examples stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The category.
    pub category: CategoryCode,
    /// The sector of the file.
    pub sector: SectorCode,
    /// The file.
    pub file: String,
    /// The line of its first example, from 1.
    pub line: usize,
}

/// What decides one kind of case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindRule {
    /// The kind.
    pub kind: Kind,
    /// Patterns that speak for it.
    pub patterns: Vec<Pattern>,
    /// Patterns that speak against it, whatever else is found.
    pub unless: Vec<Pattern>,
    /// Categories whose cases are of this kind when no pattern decided.
    pub categories: Vec<CategoryCode>,
}

/// What hands a text to one emergency service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DangerRule {
    /// The service.
    pub handoff: Handoff,
    /// Patterns of danger to life.
    pub patterns: Vec<Pattern>,
    /// Categories that are danger to life by themselves while it goes on.
    pub categories: Vec<CategoryCode>,
    /// Whether the categories are handed over also when it is over (a theft still needs the
    /// police).
    pub also_past: bool,
}

/// What one file, or all files together, say.
#[derive(Clone, Debug, Default)]
pub struct Phrases {
    /// Categories with examples.
    pub sections: Vec<Section>,
    /// Example sentences and keywords.
    pub training: Vec<TrainingPhrase>,
    /// What decides the kind; the first kind of this list that is found wins.
    pub kinds: Vec<KindRule>,
    /// Danger to life, with the service to call.
    pub danger: Vec<DangerRule>,
    /// Turns of phrase that sound like danger and are none.
    pub harmless: Vec<Pattern>,
    /// Words that put a danger into the past.
    pub past: Vec<Pattern>,
    /// Words that put it back into the present.
    pub present: Vec<Pattern>,
    /// Patterns of matters only the sealed stream may see.
    pub sealed: Vec<Pattern>,
    /// Turns of phrase that sound like a sealed matter and are none.
    pub open: Vec<Pattern>,
    /// Categories only the sealed stream may see.
    pub sealed_categories: Vec<CategoryCode>,
    /// Where the lexicons name a category; the errors have no message yet.
    mentions: Vec<(CategoryCode, FileError)>,
    /// Names that contain words of the trade ("Điện Biên Phủ") and must not decide.
    pub names: Vec<String>,
    /// Words behind which a name follows ("đường", "quận").
    pub name_before: Vec<String>,
    /// Syllables names are made of.
    pub name_parts: Vec<String>,
}

impl Phrases {
    /// Adds what another file says.
    pub fn merge(&mut self, other: Self) {
        self.sections.extend(other.sections);
        self.training.extend(other.training);
        self.kinds.extend(other.kinds);
        self.danger.extend(other.danger);
        self.harmless.extend(other.harmless);
        self.past.extend(other.past);
        self.present.extend(other.present);
        self.sealed.extend(other.sealed);
        self.open.extend(other.open);
        self.sealed_categories.extend(other.sealed_categories);
        self.mentions.extend(other.mentions);
        self.names.extend(other.names);
        self.name_before.extend(other.name_before);
        self.name_parts.extend(other.name_parts);
    }

    /// Checks the categories against the directory: each must exist in the sector its file is
    /// about. `sector_of` answers with the directory's sector of a category.
    pub fn check(&self, sector_of: impl Fn(&CategoryCode) -> Option<SectorCode>) -> Vec<FileError> {
        let wrong = |section: &Section, message: String| FileError {
            file: section.file.clone(),
            line: section.line,
            message,
        };
        let unknown =
            self.mentions.iter().filter(|(category, _)| sector_of(category).is_none()).map(
                |(category, place)| FileError {
                    message: format!("there is no category {category}"),
                    ..place.clone()
                },
            );
        self.sections
            .iter()
            .filter_map(|section| match sector_of(&section.category) {
                None => Some(wrong(section, format!("there is no category {}", section.category))),
                Some(sector) if sector != section.sector => Some(wrong(
                    section,
                    format!("{} belongs to {sector}, not {}", section.category, section.sector),
                )),
                Some(_) => None,
            })
            .chain(unknown)
            .collect()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PhrasesFile {
    sector: Option<String>,
    /// Lists of words that patterns of the file name as `@list`.
    #[serde(default)]
    words: BTreeMap<String, String>,
    #[serde(default)]
    category: BTreeMap<String, CategoryPart>,
    #[serde(default)]
    nothing: Vec<Spanned<String>>,
    #[serde(default)]
    kind: Vec<KindPart>,
    #[serde(default)]
    danger: Vec<DangerPart>,
    #[serde(default)]
    harmless: Vec<Spanned<String>>,
    #[serde(default)]
    past: Vec<Spanned<String>>,
    #[serde(default)]
    present: Vec<Spanned<String>>,
    sealed: Option<SealedPart>,
    names: Option<NamesPart>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CategoryPart {
    #[serde(default)]
    keywords: Vec<Spanned<String>>,
    phrases: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KindPart {
    kind: Kind,
    #[serde(default)]
    patterns: Vec<Spanned<String>>,
    #[serde(default)]
    unless: Vec<Spanned<String>>,
    #[serde(default)]
    categories: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DangerPart {
    handoff: Handoff,
    #[serde(default)]
    patterns: Vec<Spanned<String>>,
    #[serde(default)]
    categories: Vec<Spanned<String>>,
    #[serde(default)]
    also_past: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SealedPart {
    categories: Vec<Spanned<String>>,
    patterns: Vec<Spanned<String>>,
    #[serde(default)]
    open: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NamesPart {
    whole: Vec<String>,
    before: Vec<String>,
    parts: Vec<String>,
}

/// Reads one file of `routing-rules/phrases/`.
///
/// # Errors
/// Everything that is wrong in it, with the line.
pub fn parse_phrases(file: &str, text: &str) -> Result<Phrases, Vec<FileError>> {
    let parsed: PhrasesFile =
        toml::from_str(text).map_err(|error| vec![FileError::toml(file, text, &error)])?;
    let mut reader =
        Reader { file, text, words: &parsed.words, errors: Vec::new(), seen: HashMap::new() };
    let mut out = Phrases::default();
    reader.training(&parsed, &mut out);
    for part in &parsed.kind {
        let rule = KindRule {
            kind: part.kind,
            patterns: reader.patterns(&part.patterns),
            unless: reader.patterns(&part.unless),
            categories: reader.codes(&part.categories, &mut out),
        };
        out.kinds.push(rule);
    }
    for part in &parsed.danger {
        let rule = DangerRule {
            handoff: part.handoff,
            patterns: reader.patterns(&part.patterns),
            categories: reader.codes(&part.categories, &mut out),
            also_past: part.also_past,
        };
        out.danger.push(rule);
    }
    out.harmless = reader.patterns(&parsed.harmless);
    out.past = reader.patterns(&parsed.past);
    out.present = reader.patterns(&parsed.present);
    if let Some(sealed) = &parsed.sealed {
        out.sealed = reader.patterns(&sealed.patterns);
        out.open = reader.patterns(&sealed.open);
        out.sealed_categories = reader.codes(&sealed.categories, &mut out);
    }
    if let Some(names) = parsed.names {
        out.names = names.whole;
        out.name_before = names.before;
        out.name_parts = names.parts;
    }
    if reader.errors.is_empty() { Ok(out) } else { Err(reader.errors) }
}

/// Reads the parts of one file and collects what is wrong.
struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    words: &'a BTreeMap<String, String>,
    errors: Vec<FileError>,
    seen: HashMap<String, String>,
}

impl Reader<'_> {
    fn wrong(&mut self, place: &Spanned<String>, message: String) {
        self.errors.push(FileError::at(self.file, self.text, place.span(), message));
    }

    fn training(&mut self, parsed: &PhrasesFile, out: &mut Phrases) {
        for (code, part) in &parsed.category {
            let Some(first) = part.phrases.first() else {
                let message = format!("category {code} has no phrases");
                self.errors.push(FileError::whole(self.file, message));
                continue;
            };
            let Some(sector) = &parsed.sector else {
                self.wrong(first, "a file with categories must name its `sector`".to_owned());
                return;
            };
            let at = FileError::at(self.file, self.text, first.span(), "");
            out.sections.push(Section {
                category: CategoryCode::new(code),
                sector: SectorCode::new(sector),
                file: self.file.to_owned(),
                line: at.line,
            });
            let category = Some(CategoryCode::new(code));
            for (list, keyword) in [(&part.phrases, false), (&part.keywords, true)] {
                self.examples(list, keyword, &category, out);
            }
        }
        self.examples(&parsed.nothing, false, &None, out);
    }

    fn examples(
        &mut self,
        list: &[Spanned<String>],
        keyword: bool,
        category: &Option<CategoryCode>,
        out: &mut Phrases,
    ) {
        for phrase in list {
            let folded = fold(phrase.get_ref());
            if folded.is_empty() {
                self.wrong(phrase, "an example without a word".to_owned());
                continue;
            }
            let label = category.as_ref().map_or("nothing", CategoryCode::as_str);
            if !keyword && let Some(other) = self.seen.insert(folded, label.to_owned()) {
                let message = format!("`{}` is already an example of {other}", phrase.get_ref());
                self.wrong(phrase, message);
            }
            let text = phrase.get_ref().clone();
            out.training.push(TrainingPhrase { category: category.clone(), text, keyword });
        }
    }

    /// Categories a lexicon names, remembered so that they can be checked.
    fn codes(&self, written: &[Spanned<String>], out: &mut Phrases) -> Vec<CategoryCode> {
        let codes = written.iter().map(|code| {
            let category = CategoryCode::new(code.get_ref());
            let place = FileError::at(self.file, self.text, code.span(), "");
            out.mentions.push((category.clone(), place));
            category
        });
        codes.collect()
    }

    /// A pattern with the word lists it names put in.
    fn spelled_out(&self, pattern: &str) -> Result<String, String> {
        let mut parts = Vec::new();
        for part in pattern.split_whitespace() {
            let mut words = Vec::new();
            for word in part.split('|') {
                words.push(match word.strip_prefix('@') {
                    None => word,
                    Some(list) => self
                        .words
                        .get(list)
                        .ok_or_else(|| format!("the file has no list `{list}` in `[words]`"))?,
                });
            }
            parts.push(words.join("|"));
        }
        Ok(parts.join(" "))
    }

    fn patterns(&mut self, list: &[Spanned<String>]) -> Vec<Pattern> {
        let mut patterns = Vec::with_capacity(list.len());
        for written in list {
            match self.spelled_out(written.get_ref()).and_then(|text| Pattern::parse(&text)) {
                Ok(pattern) => patterns.push(pattern),
                Err(message) => self.wrong(written, message),
            }
        }
        patterns
    }
}
