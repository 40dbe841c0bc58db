//! Durations in buckets that add up: sixteen to each doubling, so that what is read from them is
//! within 3.2 % of the truth, and exact below 32 seconds.

/// Buckets a doubling, as a power of two.
const FINE: u32 = 4;

/// The bucket of a duration in seconds; what is negative counts as none.
pub fn bucket(seconds: i64) -> i64 {
    let seconds = u64::try_from(seconds).unwrap_or(0);
    let log = seconds.max(1).ilog2();
    if log < FINE {
        return i64::try_from(seconds).unwrap_or(0);
    }
    let within = (seconds >> (log - FINE)) & ((1 << FINE) - 1);
    i64::from((log - FINE + 1) << FINE) + i64::try_from(within).unwrap_or(0)
}

/// The middle of a bucket, in seconds.
pub fn middle(bucket: i64) -> i64 {
    let (doubling, within) = (bucket >> FINE, bucket & ((1 << FINE) - 1));
    let Some(shift) = u32::try_from(doubling).ok().and_then(|d| d.checked_sub(1)) else {
        return bucket.max(0);
    };
    let shift = shift.min(50);
    ((within + (1 << FINE)) << shift) + ((1_i64 << shift) >> 1)
}

/// The value below which `share` (per hundred) of all durations lie: of counts by bucket, in the
/// order of buckets. None without any.
pub fn percentile(counts: &[(i64, i64)], share: i64) -> Option<i64> {
    let all: i64 = counts.iter().map(|(_, n)| n.max(&0)).sum();
    // The nearest rank, at least the first.
    let rank = (all.saturating_mul(share) + 99) / 100;
    let mut seen = 0;
    for (bucket, n) in counts {
        seen += n.max(&0);
        if seen >= rank.max(1) {
            return Some(middle(*bucket));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn buckets_are_in_order_and_near(seconds in 0_i64..400_000_000) {
            prop_assert!(bucket(seconds) <= bucket(seconds + 1));
            prop_assert!(bucket(seconds + 1) - bucket(seconds) <= 1);
            let off = (middle(bucket(seconds)) - seconds).abs();
            prop_assert!(off * 1000 <= seconds * 32, "{seconds} read as {}", middle(bucket(seconds)));
            prop_assert!(seconds >= 32 || off == 0);
        }
    }

    #[test]
    fn percentiles_by_nearest_rank() {
        let counts: Vec<(i64, i64)> = (1..=10).map(|s| (bucket(s), 1)).collect();
        assert_eq!((percentile(&counts, 50), percentile(&counts, 90)), (Some(5), Some(9)));
        assert_eq!((percentile(&[(3, 1)], 90), percentile(&[], 50)), (Some(3), None));
    }
}
