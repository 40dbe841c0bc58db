//! What differs between two rule sets: the files, each with how many lines are new and gone.

use std::collections::BTreeMap;

use super::event::FileChange;

/// Steps of the search for the shortest difference of one file before it is given up and every
/// line between the first and the last change counts as changed.
const PATIENCE: usize = 4_000;

/// The files that differ, by path.
pub fn changes(before: &[(String, String)], after: &[(String, String)]) -> Vec<FileChange> {
    let mut pairs: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    for (path, text) in before {
        pairs.entry(path).or_default().0 = text;
    }
    for (path, text) in after {
        pairs.entry(path).or_default().1 = text;
    }
    let differing = pairs.into_iter().filter(|(_, (old, new))| old != new);
    differing
        .map(|(path, (old, new))| {
            let (added, removed) = lines(old, new);
            FileChange { file: path.to_owned(), added, removed }
        })
        .collect()
}

/// How many lines are new and how many are gone.
fn lines(old: &str, new: &str) -> (u64, u64) {
    let (old, new): (Vec<&str>, Vec<&str>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[same..], &new[same..]);
    let same = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[..old.len() - same], &new[..new.len() - same]);
    let steps = shortest(old, new).unwrap_or(old.len() + new.len());
    // `steps` lines are new or gone, and the lengths say by how many more are new than gone.
    let removed = (steps + old.len()).saturating_sub(new.len()) / 2;
    ((steps - removed) as u64, removed as u64)
}

/// The length of the shortest way from one list of lines to the other by adding and removing
/// lines (Myers 1986, the greedy search forward); none when it is longer than [`PATIENCE`].
fn shortest(old: &[&str], new: &[&str]) -> Option<usize> {
    let most = (old.len() + new.len()).min(PATIENCE);
    // How far into `old` the best way on each diagonal reaches; diagonal k stands at `most + 1 + k`.
    let mut reach = vec![0_usize; 2 * most + 3];
    for steps in 0..=most {
        let mut at = most + 1 - steps;
        while at <= most + 1 + steps {
            let down =
                at == most + 1 - steps || (at != most + 1 + steps && reach[at - 1] < reach[at + 1]);
            let mut x = if down { reach[at + 1] } else { reach[at - 1] + 1 };
            // y = x - k; a diagonal may lead outside of `new`, where nothing matches.
            let mut y = (x + most + 1).checked_sub(at)?;
            while x < old.len() && y < new.len() && old[x] == new[y] {
                (x, y) = (x + 1, y + 1);
            }
            reach[at] = x;
            if x >= old.len() && y >= new.len() {
                return Some(steps);
            }
            at += 2;
        }
    }
    None
}
