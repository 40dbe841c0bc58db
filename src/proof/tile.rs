//! Tiles of C2SP `tlog-tiles`: the tree cut into pieces of eight levels, 256 hashes wide. A tile
//! of level `l` holds roots of subtrees of `256^l` leaves; the levels between are hashed anew.

use std::collections::{BTreeMap, BTreeSet};

use super::tree::{Hash, Node, Range, complete_root, join};

/// Levels of the tree a tile spans.
const HEIGHT: u32 = 8;
/// Hashes of a full tile.
pub const WIDTH: usize = 1 << HEIGHT;
/// Levels of tiles a log of at most 2^63 leaves has.
pub const LEVELS: u8 = 8;

/// Which tile: its level and its place in the level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// Level, from 0 for leaf hashes.
    pub level: u8,
    /// Place in the level, from 0.
    pub index: u64,
}

/// A tile as a client asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Which.
    pub at: At,
    /// How many hashes: 256, or fewer of a partial tile.
    pub width: usize,
}

impl Asked {
    /// Reads a level and the rest of a path: `x001/x234/067`, with `.p/W` for a partial tile. None
    /// for anything that `tlog-tiles` does not say, also for other ways to write the same.
    pub fn read(level: &str, rest: &str) -> Option<Self> {
        let level: u8 = plain(level)?;
        let (index, width) = match rest.split_once(".p/") {
            None => (rest, WIDTH),
            Some((index, width)) => (index, plain(width)?),
        };
        if level > 63 || width == 0 || width > WIDTH || (width == WIDTH && rest.contains(".p/")) {
            return None;
        }
        let parts: Vec<&str> = index.split('/').collect();
        let (last, before) = parts.split_last()?;
        if before.len() > 5 || before.first().is_some_and(|first| *first == "x000") {
            return None;
        }
        let mut number = three(last)?;
        let mut scale = 1_u64;
        for part in before.iter().rev() {
            scale *= 1_000;
            number += three(part.strip_prefix('x')?)? * scale;
        }
        Some(Self { at: At { level, index: number }, width })
    }

    /// How many leaves the tree has at least if it has this tile; none if no log is that large.
    pub fn needs(self) -> Option<u64> {
        let span = 1_u64.checked_shl(HEIGHT * u32::from(self.at.level))?;
        let hashes = self.at.index.checked_mul(WIDTH as u64)?.checked_add(self.width as u64)?;
        hashes.checked_mul(span)
    }
}

/// A decimal without anything that could be left out.
fn plain<T: std::str::FromStr>(text: &str) -> Option<T> {
    let canonical = text == "0" || !text.starts_with('0');
    (canonical && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

fn three(text: &str) -> Option<u64> {
    (text.len() == 3 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// The path of a tile below the log's prefix, e.g. `tile/0/x001/x234/067.p/8`.
pub fn path(asked: Asked) -> String {
    let mut parts = vec![format!("{:03}", asked.at.index % 1_000)];
    let mut rest = asked.at.index / 1_000;
    while rest > 0 {
        parts.push(format!("x{:03}", rest % 1_000));
        rest /= 1_000;
    }
    parts.reverse();
    let partial = if asked.width < WIDTH { format!(".p/{}", asked.width) } else { String::new() };
    format!("tile/{}/{}{partial}", asked.at.level, parts.join("/"))
}

/// The tile with a subtree, and the hashes of it that lie in the subtree.
fn place(node: Node) -> (At, std::ops::Range<usize>) {
    let (level, inner) = (node.height / HEIGHT, node.height % HEIGHT);
    let first = node.index << inner;
    let at = At { level: u8::try_from(level).unwrap_or(u8::MAX), index: first / WIDTH as u64 };
    let within = usize::try_from(first % WIDTH as u64).unwrap_or(0);
    (at, within..within + (1 << inner))
}

/// The tiles that hold what the roots of these ranges are made of: at most a few a level.
pub fn needed(ranges: &[Range]) -> BTreeSet<At> {
    ranges.iter().flat_map(|range| range.nodes()).map(|node| place(node).0).collect()
}

/// Tiles that were read; each may be wider than asked, for tiles only grow to the right.
#[derive(Clone, Debug, Default)]
pub struct Tiles(pub BTreeMap<At, Vec<Hash>>);

impl Tiles {
    /// The root of a range; none when a hash it needs is missing.
    pub fn root(&self, range: Range) -> Option<Hash> {
        let of = |node: Node| {
            let (at, within) = place(node);
            self.0.get(&at)?.get(within).map(complete_root)
        };
        let hashes: Option<Vec<Hash>> = range.nodes().into_iter().map(of).collect();
        hashes.map(|hashes| join(&hashes))
    }

    /// The roots of ranges, in order.
    pub fn roots(&self, ranges: &[Range]) -> Option<Vec<Hash>> {
        ranges.iter().map(|range| self.root(*range)).collect()
    }
}

/// The rightmost tile of each level, with room, of a tree that grows.
#[derive(Clone, Debug, Default)]
pub struct Growing {
    size: u64,
    /// By level.
    last: Vec<Vec<Hash>>,
}

/// Where the rightmost tile with room of each level is, and how many hashes it has.
pub fn right_edge(size: u64) -> Vec<Asked> {
    let mut edge = Vec::new();
    let (mut hashes, mut level) = (size, 0);
    while hashes > 0 {
        let index = hashes / WIDTH as u64;
        let width = usize::try_from(hashes % WIDTH as u64).unwrap_or(0);
        edge.push(Asked { at: At { level, index }, width });
        (hashes, level) = (index, level + 1);
    }
    edge
}

impl Growing {
    /// Goes on from a tree of this size, whose [`right_edge`] was read. None if a tile is missing
    /// or narrower than the tree needs.
    pub fn of(size: u64, tiles: &Tiles) -> Option<Self> {
        let last = right_edge(size).into_iter().map(|asked| match asked.width {
            0 => Some(Vec::new()),
            width => tiles.0.get(&asked.at)?.get(..width).map(<[Hash]>::to_vec),
        });
        Some(Self { size, last: last.collect::<Option<_>>()? })
    }

    /// How many leaves there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds leaves by their hashes. Gives every tile that is new or wider than before.
    pub fn extend(&mut self, leaves: &[Hash]) -> Vec<(At, Vec<Hash>)> {
        let mut changed: BTreeMap<At, Vec<Hash>> = BTreeMap::new();
        for leaf in leaves {
            let (mut hash, mut level) = (*leaf, 0);
            self.size += 1;
            let mut index = (self.size - 1) / WIDTH as u64;
            loop {
                if self.last.len() == level {
                    self.last.push(Vec::new());
                }
                let tile = &mut self.last[level];
                tile.push(hash);
                if tile.len() < WIDTH {
                    break;
                }
                hash = complete_root(tile);
                let at = At { level: u8::try_from(level).unwrap_or(u8::MAX), index };
                changed.insert(at, std::mem::take(tile));
                (level, index) = (level + 1, index / WIDTH as u64);
            }
        }
        for asked in right_edge(self.size) {
            let tile = &self.last[usize::from(asked.at.level)];
            if !leaves.is_empty() && !tile.is_empty() {
                changed.insert(asked.at, tile.clone());
            }
        }
        changed.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::log::leaf_hash;
    use crate::proof::tree::{
        Edge, Head, consistency_ranges, continues, includes, inclusion_ranges,
    };

    #[test]
    fn paths_are_those_of_the_specification() {
        let asked = |level, index, width| Asked { at: At { level, index }, width };
        for (tile, level, rest) in [
            (asked(0, 1_234_067, WIDTH), "0", "x001/x234/067"),
            (asked(0, 0, 8), "0", "000.p/8"),
            (asked(63, 999, WIDTH), "63", "999"),
            (asked(2, 1_000, 255), "2", "x001/000.p/255"),
        ] {
            assert_eq!(Asked::read(level, rest), Some(tile));
            assert_eq!(path(tile), format!("tile/{level}/{rest}"));
        }
        for (level, rest) in [
            ("00", "000"),
            ("64", "000"),
            ("-1", "000"),
            ("+1", "000"),
            ("entries", "000"),
            ("0", "0"),
            ("0", "0000"),
            ("0", "x000/001"),
            ("0", "001/002"),
            ("0", "x001"),
            ("0", "x001/x002"),
            ("0", "000.p/0"),
            ("0", "000.p/256"),
            ("0", "000.p/07"),
            ("0", "000.p/"),
            ("0", "000.p"),
            ("0", "000/"),
            ("0", ""),
            ("0", "x001/x001/x001/x001/x001/x001/001"),
        ] {
            assert_eq!(Asked::read(level, rest), None, "{level} {rest}");
        }
        // The largest index that can be written is no panic.
        let far = Asked::read("63", "x999/x999/x999/x999/x999/999").unwrap();
        assert_eq!(far.needs(), None);
        assert_eq!(asked(1, 0, 17).needs(), Some(17 * 256));
    }

    /// The example of the specification: 70,000 leaves.
    #[test]
    fn a_tree_has_the_tiles_the_specification_counts() {
        let edge: Vec<(u8, u64, usize)> =
            right_edge(70_000).iter().map(|a| (a.at.level, a.at.index, a.width)).collect();
        assert_eq!(edge, [(0, 273, 112), (1, 1, 17), (2, 0, 1)]);
        let edge: Vec<(u8, u64, usize)> =
            right_edge(256).iter().map(|a| (a.at.level, a.at.index, a.width)).collect();
        assert_eq!(edge, [(0, 1, 0), (1, 0, 1)]);
    }

    fn numbered(count: u64) -> Vec<Hash> {
        (0..count).map(|nr| leaf_hash(&nr.to_be_bytes())).collect()
    }

    /// Grown in steps of any size, tiles give every root and every proof.
    fn check(steps: &[usize]) {
        let leaves = numbered(steps.iter().sum::<usize>() as u64);
        let (mut tiles, mut edge, mut size) = (Tiles::default(), Edge::default(), 0);
        let mut heads = vec![Head { size: 0, root: edge.root() }];
        for step in steps {
            let mut growing = Growing::of(size as u64, &tiles).unwrap();
            let changed = growing.extend(&leaves[size..size + step]);
            for (at, hashes) in changed {
                if let Some(before) = tiles.0.insert(at, hashes.clone()) {
                    assert!(hashes.starts_with(&before), "tiles only grow");
                }
            }
            leaves[size..size + step].iter().for_each(|leaf| edge.push(*leaf));
            size += step;
            let root = tiles.root(Range { from: 0, to: size as u64 }).unwrap();
            assert_eq!(root, edge.root(), "{size}");
            heads.push(Head { size: size as u64, root });
        }
        let last = *heads.last().unwrap();
        for index in (0..last.size).step_by(97).chain([last.size - 1]) {
            let ranges = inclusion_ranges(index, last.size).unwrap();
            let tiles =
                Tiles(needed(&ranges).iter().map(|at| (*at, tiles.0[at].clone())).collect());
            let proof = tiles.roots(&ranges).unwrap();
            assert!(includes(&leaves[index as usize], index, last.size, &proof, &last.root));
        }
        for head in heads {
            let ranges = consistency_ranges(head.size, last.size).unwrap();
            assert!(continues(&head, &last, &tiles.roots(&ranges).unwrap()), "{}", head.size);
        }
    }

    #[test]
    fn tiles_give_every_root_and_proof() {
        check(&[1, 1, 253, 1, 1, 255, 256, 1_000]);
        check(&[70_000]);
    }

    #[test]
    fn a_missing_hash_proves_nothing() {
        let mut tiles = Tiles::default();
        tiles.0.extend(Growing::default().extend(&numbered(300)));
        tiles.0.remove(&At { level: 0, index: 1 });
        assert_eq!(tiles.root(Range { from: 0, to: 300 }), None);
        assert!(Growing::of(300, &tiles).is_none());
        assert!(tiles.root(Range { from: 0, to: 256 }).is_some());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
        #[test]
        fn steps_of_any_size_make_the_same_tiles(steps in prop::collection::vec(1_usize..700, 1..8)) {
            check(&steps);
        }
    }
}
