//! The check notices every way to change a stored shape, and accepts a new version.

use serde::{Deserialize, Deserializer, Serialize};

use super::{Family, Files, files_of, problems};
use crate::case::codec::Stored;
use crate::golden::samples::{read, write};

/// A family with one kind, `toy.made`, of the given version and fields; older versions read as
/// the function says.
macro_rules! toy {
    ($module:ident v $version:literal, $older:expr, { $($item:item)* }) => {
        mod $module {
            use super::*;

            $($item)*

            pub(super) struct Toys;

            impl Family for Toys {
                type Event = Made;
                const PREFIX: &'static str = "toy.";
                const KINDS: &'static [(&'static str, u16)] = &[("toy.made", $version)];

                fn read<'de, D: Deserializer<'de>>(
                    kind: &str,
                    from: D,
                ) -> Option<Result<Made, D::Error>> {
                    (kind == "toy.made").then(|| Made::deserialize(from))
                }

                fn encode(event: &Made) -> Result<Stored, String> {
                    let data = serde_json::to_string(event).map_err(|error| error.to_string())?;
                    Ok(Stored { kind: "toy.made", schema: $version, data })
                }

                fn decode(_: &str, schema: u16, data: &str) -> Result<Made, String> {
                    let older: fn(&str) -> String = $older;
                    let data = if schema < $version { older(data) } else { data.to_owned() };
                    serde_json::from_str(&data).map_err(|error| error.to_string())
                }

                fn fold(_: Made) {}
            }
        }
    };
}

macro_rules! made {
    ($module:ident: $($change:tt)*) => {
        toy!($module v 1, str::to_owned, {
            #[derive(Serialize, Deserialize)]
            pub(super) struct Made { $($change)* }
        });
    };
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Colour {
    Red,
    #[serde(alias = "verdant")]
    Green,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum MoreColour {
    Red,
    Green,
    Blue,
}

#[derive(Serialize, Deserialize)]
struct Inside<C> {
    colour: C,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    size: Option<u16>,
}

made!(frozen: name: String, inside: Vec<Inside<Colour>>, at: Option<jiff::Timestamp>);
made!(same: inside: Vec<Inside<Colour>>, name: String, at: Option<jiff::Timestamp>);
made!(field_gone: name: String, inside: Vec<Inside<Colour>>);
made!(field_more: name: String, inside: Vec<Inside<Colour>>, at: Option<jiff::Timestamp>, n: Option<u8>);
made!(field_alias: #[serde(alias = "name")] title: String, inside: Vec<Inside<Colour>>, at: Option<jiff::Timestamp>);
made!(field_renamed: title: String, inside: Vec<Inside<Colour>>, at: Option<jiff::Timestamp>);
made!(other_type: name: String, inside: Vec<Inside<Colour>>, at: Option<String>);
made!(no_option: name: String, inside: Vec<Inside<Colour>>, at: jiff::Timestamp);
made!(left_out: name: String, inside: Vec<Inside<Colour>>,
    #[serde(default, skip_serializing_if = "Option::is_none")] at: Option<jiff::Timestamp>);
made!(word_more: name: String, inside: Vec<Inside<MoreColour>>, at: Option<jiff::Timestamp>);
made!(no_list: name: String, inside: Inside<Colour>, at: Option<jiff::Timestamp>);

fn files() -> Files {
    files_of::<frozen::Toys>("toy.made", 1).unwrap()
}

fn assert_notices<F: Family>(path: &str) {
    let problems = problems::<F>(&files()).join("\n");
    assert!(
        problems.contains("its shape changed") && problems.contains(path),
        "{path}: {problems}"
    );
    assert!(problems.contains("raise the version"), "{problems}");
}

#[test]
fn every_changed_shape_is_noticed() {
    assert_eq!(problems::<frozen::Toys>(&files()), Vec::<String>::new());
    assert_notices::<field_gone::Toys>("- at:");
    assert_notices::<field_more::Toys>("+ n: u8, or null");
    assert_notices::<field_renamed::Toys>("+ title: text");
    let told = problems::<field_alias::Toys>(&files()).join("\n");
    assert!(told.contains("has it an alias?"), "{told}");
    assert_notices::<other_type::Toys>("+ at: text, or null");
    assert_notices::<no_option::Toys>("+ at: instant\n");
    assert_notices::<left_out::Toys>("left out when empty");
    assert_notices::<word_more::Toys>("+ inside[].colour: word(red green blue)");
    assert_notices::<no_list::Toys>("+ inside.colour");
}

#[test]
fn another_order_of_fields_is_noticed_by_the_bytes() {
    let problems = problems::<same::Toys>(&files());
    assert!(problems.iter().all(|what| what.contains("written otherwise")), "{problems:?}");
    assert!(!problems.is_empty());
}

#[test]
fn a_kind_or_version_without_files_is_noticed() {
    for lost in ["toy.made.v1.json", "toy.made.v1.shape"] {
        let mut files = files();
        files.remove(lost);
        let problems = problems::<frozen::Toys>(&files);
        assert!(problems[0].contains("has no golden file"), "{problems:?}");
    }
    let mut files = files();
    files.insert("toy.unmade.v1.json".to_owned(), String::new());
    assert!(problems::<frozen::Toys>(&files)[0].contains("belongs to no kind"));
}

#[test]
fn neither_file_can_be_changed_alone() {
    let good = files();
    let shape = &good["toy.made.v1.shape"];
    for line in shape.lines() {
        let rest: Vec<_> = shape.lines().filter(|other| *other != line).collect();
        assert_fails(&good, "toy.made.v1.shape", rest.join("\n"));
    }
    let samples = read(&good["toy.made.v1.json"]).unwrap();
    for lost in ["full", "minimal", "forms"] {
        let rest: Vec<_> =
            samples.iter().filter(|(name, _)| !name.starts_with(lost)).cloned().collect();
        assert!(rest.len() < samples.len(), "{lost}");
        assert_fails(&good, "toy.made.v1.json", write(&rest));
    }
    assert_fails(&good, "toy.made.v1.json", good["toy.made.v1.json"].replace("green", "blue"));
    assert_fails(&good, "toy.made.v1.json", good["toy.made.v1.json"].replace("700", "null"));
    assert_fails(&good, "toy.made.v1.json", "{".to_owned());
}

fn assert_fails(good: &Files, name: &str, text: String) {
    let mut files = good.clone();
    files.insert(name.to_owned(), text.clone());
    assert!(!problems::<frozen::Toys>(&files).is_empty(), "{name}: {text}");
}

toy!(second v 2, |old| old.replace("\"name\"", "\"title\""), {
    #[derive(Serialize, Deserialize)]
    pub(super) struct Made {
        title: String,
        inside: Vec<Inside<MoreColour>>,
        at: Option<jiff::Timestamp>,
    }
});

toy!(forgot v 2, str::to_owned, {
    #[derive(Serialize, Deserialize)]
    pub(super) struct Made {
        title: String,
        inside: Vec<Inside<MoreColour>>,
        at: Option<jiff::Timestamp>,
    }
});

#[test]
fn a_new_version_with_an_upcaster_is_accepted() {
    let mut files = files();
    assert!(problems::<second::Toys>(&files)[0].contains("version 2 has no golden file"));
    files.extend(files_of::<second::Toys>("toy.made", 2).unwrap());
    assert_eq!(problems::<second::Toys>(&files), Vec::<String>::new());
    // Without the upcaster the old samples do not read.
    assert!(problems::<forgot::Toys>(&files)[0].contains("does not read any more"));
}

#[test]
fn words_that_are_only_read_are_no_part_of_the_shape() {
    let files = files();
    let shape = &files["toy.made.v1.shape"];
    assert!(shape.contains("inside[].colour: word(red green)\n"), "{shape}");
}
