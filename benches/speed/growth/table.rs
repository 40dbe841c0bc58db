//! Small and large side by side.

use std::fmt::Write;

use crate::report::thousands;
use crate::results::median;
use crate::stores::Store;

/// A cost may be so many times as high in a large log before it counts as growing, and by so many
/// milliseconds at least: noise and a tree one level deeper are no growth.
const GROWS: (f64, f64) = (1.5, 0.3);

/// Milliseconds by what was done, database and size.
pub struct Table {
    sizes: [usize; 2],
    lines: Vec<(String, [[Vec<f64>; 2]; 2])>,
    remarks: Vec<String>,
}

impl Table {
    pub fn new(sizes: [usize; 2]) -> Self {
        Self { sizes, lines: Vec::new(), remarks: Vec::new() }
    }

    pub fn add(&mut self, name: &str, store: Store, large: bool, ms: f64) {
        let at = self.lines.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            self.lines.push((name.to_owned(), Default::default()));
            self.lines.len() - 1
        });
        self.lines[at].1[store as usize][usize::from(large)].push(ms);
    }

    pub fn remark(&mut self, remark: String) {
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
    }

    pub fn markdown(&self) -> String {
        let [small, large] = self.sizes.map(|size| thousands(size as f64));
        let mut text = format!(
            "| ms, median | SQLite {small} | {large} | × | PostgreSQL {small} | {large} | × |\n\
             | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        );
        let mut growing = Vec::new();
        for (name, stores) in &self.lines {
            let _ = write!(text, "| {name} |");
            for (store, [small, large]) in Store::ALL.iter().zip(stores) {
                let (small, large) = (median(small.clone()), median(large.clone()));
                let (Some(small), Some(large)) = (small, large) else {
                    text.push_str(" – | – | – |");
                    continue;
                };
                let ratio = large / small;
                let grows = ratio > GROWS.0 && large - small > GROWS.1;
                let ratio = if grows { format!("**{ratio:.1}**") } else { format!("{ratio:.1}") };
                let _ = write!(text, " {small:.3} | {large:.3} | {ratio} |");
                if grows {
                    growing.push(format!("{name} ({})", store.name()));
                }
            }
            text.push('\n');
        }
        text.push('\n');
        match growing.as_slice() {
            [] => text.push_str("Nothing grows with the log.\n"),
            names => {
                let _ = writeln!(text, "Grows with the log: {}.", names.join("; "));
            }
        }
        text.push('\n');
        for remark in &self.remarks {
            let _ = writeln!(text, "- {remark}.");
        }
        text
    }
}
