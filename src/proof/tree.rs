//! The Merkle tree of RFC 6962, section 2.1, over SHA-256: hashes, which subtrees a proof is made
//! of, and the check of proofs. No I/O: whoever has the hashes hands them in.

use sha2::{Digest, Sha256};

/// A hash of the tree.
pub type Hash = [u8; 32];

/// The root of the tree without leaves.
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// The hash over two subtrees.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// A complete subtree: the `index`-th, from the left, of those with `1 << height` leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// How many levels above the leaves its root is.
    pub height: u32,
    /// Its place among those of the same height, from 0.
    pub index: u64,
}

/// The leaves `from..to`; in a proof it begins where a subtree as large as it needs begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The first leaf's index.
    pub from: u64,
    /// One more than the last leaf's index.
    pub to: u64,
}

impl Range {
    /// The complete subtrees it consists of, left to right, at most one of each height.
    pub fn nodes(self) -> Vec<Node> {
        let (mut nodes, mut at) = (Vec::new(), self.from);
        while at < self.to {
            let fits = (self.to - at).ilog2();
            let height = if at == 0 { fits } else { fits.min(at.trailing_zeros()) };
            nodes.push(Node { height, index: at >> height });
            at += 1 << height;
        }
        nodes
    }

    /// Parts it in two where the definition of the tree does.
    fn split(self) -> (Self, Self) {
        let leaves = self.to - self.from;
        let middle = self.from + (1 << (leaves - 1).ilog2());
        (Self { to: middle, ..self }, Self { from: middle, ..self })
    }
}

/// The root over subtrees that stand beside each other, of decreasing height.
pub fn join(hashes: &[Hash]) -> Hash {
    let Some((last, before)) = hashes.split_last() else { return empty_root() };
    before.iter().rev().fold(*last, |right, left| node_hash(left, &right))
}

/// The root over `2^n` hashes of one level; over none, that of the empty tree.
pub fn complete_root(hashes: &[Hash]) -> Hash {
    let mut level = hashes.to_vec();
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => node_hash(left, right),
                _ => pair[0],
            })
            .collect();
    }
    level.first().copied().unwrap_or_else(empty_root)
}

/// Which roots prove that a leaf is in the tree of a size, the lowest first (`PATH` of RFC 6962,
/// section 2.1.1). None if the tree has no such leaf.
pub fn inclusion_ranges(index: u64, size: u64) -> Option<Vec<Range>> {
    if index >= size {
        return None;
    }
    let (mut path, mut at) = (Vec::new(), Range { from: 0, to: size });
    while at.to - at.from > 1 {
        let (left, right) = at.split();
        let (inside, beside) = if index < left.to { (left, right) } else { (right, left) };
        path.push(beside);
        at = inside;
    }
    path.reverse();
    Some(path)
}

/// Which roots prove that the tree of size `second` begins with the one of size `first` (`PROOF`
/// of RFC 6962, section 2.1.2). None if `first` is the larger.
pub fn consistency_ranges(first: u64, second: u64) -> Option<Vec<Range>> {
    if first > second {
        return None;
    }
    let mut path = Vec::new();
    if first == 0 {
        return Some(path);
    }
    let (mut at, mut known) = (Range { from: 0, to: second }, true);
    while at.to != first {
        let (left, right) = at.split();
        if first <= left.to {
            path.push(right);
            at = left;
        } else {
            path.push(left);
            at = right;
            known = false;
        }
    }
    if !known {
        path.push(at);
    }
    path.reverse();
    Some(path)
}

/// Whether a proof shows that the leaf with this hash has this index in the tree of this size and
/// root (RFC 9162, section 2.1.3.2).
pub fn includes(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, *leaf);
    for beside in proof {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = node_hash(beside, &hash);
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            hash = node_hash(&hash, beside);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    last == 0 && hash == *root
}

/// A tree: how many leaves, and its root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// How many leaves.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

/// Whether a proof shows that the tree `second` begins with the tree `first` (RFC 9162, section
/// 2.1.4.2; every tree begins with the empty one).
pub fn continues(first: &Head, second: &Head, proof: &[Hash]) -> bool {
    if first.size == 0 {
        return proof.is_empty() && first.root == empty_root();
    }
    if first.size >= second.size {
        return proof.is_empty() && first == second;
    }
    let (mut at, mut last) = (first.size - 1, second.size - 1);
    let steps = at.trailing_ones();
    (at, last) = (at >> steps, last >> steps);
    let (start, rest) = if first.size.is_power_of_two() {
        (first.root, proof)
    } else {
        let Some((start, rest)) = proof.split_first() else { return false };
        (*start, rest)
    };
    let (mut before, mut after) = (start, start);
    for beside in rest {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            (before, after) = (node_hash(beside, &before), node_hash(beside, &after));
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            after = node_hash(&after, beside);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    last == 0 && before == first.root && after == second.root
}

/// A tree of which only the right edge is kept: roots of any size as leaves go by, in a few hashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    /// The complete subtrees of the size, left to right.
    roots: Vec<Hash>,
}

impl Edge {
    /// How many leaves went by.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf by its hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.roots.pop() {
                hash = node_hash(&left, &hash);
            }
        }
        self.roots.push(hash);
        self.size += 1;
    }

    /// The root over all leaves so far.
    pub fn root(&self) -> Hash {
        join(&self.roots)
    }
}

#[cfg(test)]
mod tests;
