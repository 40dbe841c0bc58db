//! Merging two cases of one matter, and undoing it.

use super::fixture::*;
use crate::case::command::{Merge, Unmerge};
use crate::case::party::Party;
use crate::case::stage::StageName;
use crate::case::{Intent, Rejection, decide_merge, decide_unmerge};

/// Merges or un-merges as `who`, now; the kinds of the events of both.
fn pair(
    a: &mut Story,
    b: &mut Story,
    who: &str,
    undo: bool,
) -> Result<(Vec<&'static str>, Vec<&'static str>), &'static str> {
    let now = a.now.max(b.now);
    (a.now, b.now) = (now, now);
    let who = actor(who);
    let intent = Intent { actor: who.clone(), now, occurred_at: now };
    let reason = private("Cùng một ổ gà");
    let events = if undo {
        decide_unmerge(&a.case, &b.case, &intent, &Unmerge { reason })
    } else {
        let merge = Merge { into: b.case.number.clone(), reason: Some(reason) };
        decide_merge(&a.case, &b.case, city(), &intent, &merge)
    };
    let (of_a, of_b) = events.map_err(|e: Rejection| e.code())?;
    let kinds = |events: &[crate::case::Event]| events.iter().map(|e| short(e.kind())).collect();
    let shown = (kinds(&of_a), kinds(&of_b));
    a.apply(&who, of_a);
    b.apply(&who, of_b);
    Ok(shown)
}

fn merge(a: &mut Story, b: &mut Story) -> Result<(), &'static str> {
    pair(a, b, "operator", false).map(|_| ())
}

fn second() -> Story {
    let mut story = Story::begin_at(local("03-02 08:00"), 2, sent_to("GT", pothole()));
    story.wait(minutes(15));
    story
}

fn ids(parties: &[Party]) -> Vec<String> {
    parties.iter().map(|party| party.id.clone()).collect()
}

#[test]
fn merging_and_undoing_restores_both() {
    let (mut a, mut b) = (second(), Story::in_progress());
    let (a0, b0) = (a.case.clone(), b.case.clone());
    let done = pair(&mut a, &mut b, "operator", false);
    assert_eq!(done, Ok((vec!["merged"], vec!["absorbed"])));
    assert_eq!((a.stage(), b.stage()), (StageName::Merged, StageName::InProgress));
    assert_eq!(ids(&b.case.parties), ["party_1", &format!("{}/party_1", number(2))]);
    assert_eq!(pair(&mut a, &mut b, "operator", false), Ok((vec![], vec![])), "adds nothing");
    assert_eq!(a.tick_until(local("06-01 08:00")), [""; 0], "its clocks are nobody's now");

    // All reporters are parties: the second may speak on the case that goes on.
    let voice = format!("citizen:{}/party_1", number(2));
    let mut heard = b.clone();
    heard.does("handler@GT", "ask", r#"{"question": "?"}"#);
    heard.does(&voice, "reply", r#"{"text": "x"}"#);

    let undone = pair(&mut a, &mut b, "coordinator", true);
    assert_eq!(undone, Ok((vec!["unmerged"], vec!["released"])));
    for (before, now) in [(&a0, &a.case), (&b0, &b.case)] {
        assert_eq!(now.work, before.work);
        assert_eq!(now.parties, before.parties);
        assert_eq!(now.absorbed, before.absorbed);
        assert_eq!(now.confidential, before.confidential);
    }
    // Its clocks are as promised: what passed meanwhile is recorded now.
    assert!(a.tick().contains(&"deadline_missed"));
    assert_eq!(pair(&mut a, &mut b, "coordinator", true), Err("wrong_stage"));
}

#[test]
fn what_cannot_be_merged() {
    let (a, b) = (second(), Story::in_progress());
    let refuse = |a: &Story, b: &Story| merge(&mut a.clone(), &mut b.clone()).unwrap_err();
    assert_eq!(refuse(&a, &a), "merge_into_itself");
    for (b, code) in [(Story::answered(), "merge_target"), (Story::begin(fire()), "merge_target")] {
        assert_eq!(refuse(&a, &b), code);
    }
    assert_eq!(refuse(&Story::answered(), &a), "wrong_stage");
    let mut sealed = Story::in_progress();
    sealed.does("coordinator", "seal", r#"{"reason": "x"}"#);
    let by_coordinator =
        |a: &Story, b: &Story| pair(&mut a.clone(), &mut b.clone(), "coordinator", false);
    assert_eq!(by_coordinator(&a, &sealed), Err("merge_sealed"));
    assert_eq!(refuse(&a, &sealed), "sealed_case");
    for who in ["citizen", "handler@GT", "agency_coordinator@GT"] {
        let refused = pair(&mut a.clone(), &mut b.clone(), who, false);
        assert_eq!(refused, Err("role_not_allowed"));
    }
}

#[test]
fn only_the_case_it_went_into_lets_it_go() {
    let (mut a, mut b) = (second(), Story::in_progress());
    merge(&mut a, &mut b).unwrap();
    let mut other = Story::begin_at(local("03-02 08:00"), 3, sent_to("GT", pothole()));
    assert_eq!(pair(&mut a, &mut other, "operator", true), Err("not_merged_here"));
    assert_eq!(merge(&mut other, &mut a), Err("merge_target"));
}

#[test]
fn merging_a_case_that_had_absorbed_another() {
    let (mut a, mut b) = (second(), Story::in_progress());
    let mut c = Story::begin_at(local("03-02 08:00"), 3, sent_to("GT", pothole()));
    merge(&mut a, &mut b).unwrap();
    merge(&mut b, &mut c).unwrap();
    let far = format!("{}/{}/party_1", number(1), number(2));
    assert_eq!(ids(&c.case.parties), ["party_1".to_owned(), format!("{}/party_1", number(1)), far]);
    // Taking the first out while its case is itself merged would leave its reporter behind.
    assert_eq!(pair(&mut a, &mut b, "operator", true), Err("merged_on"));
    pair(&mut b, &mut c, "operator", true).unwrap();
    assert_eq!(ids(&c.case.parties), ["party_1"]);
    pair(&mut a, &mut b, "operator", true).unwrap();
    assert_eq!(ids(&b.case.parties), ["party_1"]);
}
