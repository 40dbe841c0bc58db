//! The tree against the vectors of Certificate Transparency's reference implementation
//! (github.com/transparency-dev/merkle, `testonly`), and its laws.

use proptest::prelude::*;

use super::*;
use crate::log::leaf_hash;
use crate::proof::text::unhex_hash;

const LEAVES: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];

const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/// Leaf index, size, proof.
const INCLUSION: &[(u64, u64, &[&str])] = &[
    (0, 1, &[]),
    (
        0,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        &[
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        &[
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
];

/// The smaller size, the larger, proof.
const CONSISTENCY: &[(u64, u64, &[&str])] = &[
    (1, 1, &[]),
    (
        1,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        &[
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        &[
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
];

fn hash(text: &str) -> Hash {
    unhex_hash(text).unwrap()
}

fn hashes(texts: &[&str]) -> Vec<Hash> {
    texts.iter().map(|text| hash(text)).collect()
}

/// The definition of RFC 6962, word for word.
fn defined_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            node_hash(&defined_root(left), &defined_root(right))
        }
    }
}

fn made(ranges: &[Range], leaves: &[Hash]) -> Vec<Hash> {
    let of = |range: &Range| {
        let nodes = range.nodes().into_iter().map(|node| {
            let first = (node.index << node.height) as usize;
            complete_root(&leaves[first..first + (1 << node.height)])
        });
        join(&nodes.collect::<Vec<_>>())
    };
    ranges.iter().map(of).collect()
}

fn head(leaves: &[Hash]) -> Head {
    Head { size: leaves.len() as u64, root: defined_root(leaves) }
}

fn reference() -> Vec<Hash> {
    LEAVES.iter().map(|leaf| leaf_hash(leaf)).collect()
}

#[test]
fn roots_are_those_of_the_reference() {
    let (leaves, mut edge) = (reference(), Edge::default());
    for (size, root) in ROOTS.iter().enumerate() {
        assert_eq!(edge.root(), hash(root), "{size}");
        assert_eq!(defined_root(&leaves[..size]), hash(root), "{size}");
        if let Some(leaf) = leaves.get(size) {
            edge.push(*leaf);
        }
    }
    assert_eq!(edge.size(), 8);
}

#[test]
fn proofs_are_those_of_the_reference() {
    let leaves = reference();
    for (index, size, proof) in INCLUSION {
        let proof = hashes(proof);
        assert_eq!(made(&inclusion_ranges(*index, *size).unwrap(), &leaves), proof);
        let (leaf, root) = (leaves[*index as usize], hash(ROOTS[*size as usize]));
        assert!(includes(&leaf, *index, *size, &proof, &root), "{index} in {size}");
    }
    for (first, second, proof) in CONSISTENCY {
        let proof = hashes(proof);
        assert_eq!(made(&consistency_ranges(*first, *second).unwrap(), &leaves), proof);
        let head = |size: u64| Head { size, root: hash(ROOTS[size as usize]) };
        assert!(continues(&head(*first), &head(*second), &proof), "{first} to {second}");
    }
    assert_eq!(inclusion_ranges(8, 8), None);
    assert_eq!(inclusion_ranges(0, 0), None);
    assert_eq!(consistency_ranges(8, 7), None);
}

fn numbered(count: u64) -> Vec<Hash> {
    (0..count).map(|nr| leaf_hash(&nr.to_be_bytes())).collect()
}

#[test]
fn every_proof_of_small_trees_holds_and_only_that() {
    for size in 1..=36_u64 {
        let leaves = numbered(size);
        let whole = head(&leaves);
        for index in 0..size {
            let proof = made(&inclusion_ranges(index, size).unwrap(), &leaves);
            let leaf = leaves[index as usize];
            assert!(includes(&leaf, index, size, &proof, &whole.root));
            assert!(!includes(&leaf, index + 1, size, &proof, &whole.root));
            assert!(!includes(&[7; 32], index, size, &proof, &whole.root));
            assert!(!includes(&leaf, index, size, &proof, &[7; 32]));
            let longer = [proof.as_slice(), &[leaf]].concat();
            assert!(!includes(&leaf, index, size, &longer, &whole.root));
            if let Some((_, shorter)) = proof.split_last() {
                assert!(!includes(&leaf, index, size, shorter, &whole.root));
            }
        }
        for first in 0..=size {
            let before = head(&leaves[..first as usize]);
            let proof = made(&consistency_ranges(first, size).unwrap(), &leaves);
            assert!(continues(&before, &whole, &proof), "{first} to {size}");
            let other = Head { root: [7; 32], ..before };
            assert!(!continues(&other, &whole, &proof), "{first} to {size}");
            if first > 0 && first < size {
                assert!(!continues(&before, &Head { root: [7; 32], ..whole }, &proof));
                assert!(!continues(&whole, &before, &proof));
                let longer = [proof.as_slice(), &[[7; 32]]].concat();
                assert!(!continues(&before, &whole, &longer));
            }
        }
    }
}

proptest! {
    /// What a proof needs grows with the logarithm of the tree.
    #[test]
    fn proofs_are_short(size in 1_u64..1 << 50, at in 0.0_f64..1.0) {
        let index = ((size as f64 * at) as u64).min(size - 1);
        let bits = u64::from(64 - size.leading_zeros());
        let inclusion = inclusion_ranges(index, size).unwrap();
        prop_assert!(inclusion.len() as u64 <= bits);
        prop_assert!(inclusion.iter().map(|range| range.nodes().len() as u64).sum::<u64>() <= 2 * bits);
        let consistency = consistency_ranges(index, size).unwrap();
        prop_assert!(consistency.len() as u64 <= bits + 1);
        prop_assert!(consistency.iter().map(|range| range.nodes().len() as u64).sum::<u64>() <= 3 * bits);
    }

    /// One flipped bit anywhere, and nothing is proved.
    #[test]
    fn a_flipped_bit_proves_nothing(size in 2_u64..300, at in 0.0_f64..1.0, bit in 0_usize..256, which in 0_usize..16) {
        let leaves = numbered(size);
        let whole = head(&leaves);
        let index = ((size as f64 * at) as u64).min(size - 1);
        let mut proof = made(&inclusion_ranges(index, size).unwrap(), &leaves);
        let place = which % proof.len();
        proof[place][bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!includes(&leaves[index as usize], index, size, &proof, &whole.root));
    }
}
