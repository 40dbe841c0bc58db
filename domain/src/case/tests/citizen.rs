//! The citizen: questions, rating, reopening, appeal, taking back.

use super::fixture::*;
use crate::case::ledger::Holder;
use crate::case::stage::{ClosedBy, Stage, StageName};
use crate::kinds::Clock;

const WHERE: &str = r#"{"question": "Ổ gà trước số nhà nào?"}"#;
const HERE: &str = r#"{"text": "Trước số 12"}"#;
const BAD: &str = r#"{"reason": "Vẫn còn"}"#;

#[test]
fn a_question_stops_the_clocks_until_the_answer() {
    let mut story = Story::in_progress();
    assert_eq!(story.refused("handler@GT", "ask", r#"{"question": ""}"#), "text_missing");
    assert_eq!(story.does("handler@GT", "ask", WHERE), ["question_asked"]);
    assert_eq!(story.stage(), StageName::WaitingCitizen);
    assert_eq!(story.case.ledger.holder(), Some(&Holder::Citizen));
    assert_eq!(story.refused("handler@GT", "ask", WHERE), "wrong_stage");
    assert_eq!(story.refused("citizen", "reply", r#"{"text": " "}"#), "text_missing");
    story.wait(hours(48));
    assert_eq!(story.does("citizen", "reply", HERE), ["question_answered"]);
    assert_eq!(story.refused("citizen", "reply", HERE), "no_question");
    assert_eq!(story.due(Clock::Answer), "03-16 23:59", "two days, and then Monday");
    assert_eq!(story.due(Clock::Resolve), "03-09 23:59", "two working days");
}

#[test]
fn a_pause_ends_by_itself_at_its_cap() {
    let mut story = Story::in_progress();
    story.does("handler@GT", "ask", WHERE);
    // Asked on Monday the 2nd: five working days end on Monday the 9th.
    let cap = local("03-09 23:59") + jiff::SignedDuration::from_secs(59);
    assert_eq!(story.case.work.stage, Stage::WaitingCitizen { since: story.now, until: cap });
    let mut late = story.clone();
    assert_eq!(story.tick_until(cap), ["pause_capped"]);
    assert_eq!(story.stage(), StageName::InProgress);
    let moved = (story.due(Clock::Answer), story.due(Clock::Resolve));
    assert_eq!(moved, ("03-19 23:59".to_owned(), "03-12 23:59".to_owned()));

    // An answer that comes before the timer is delivered gets no more than the cap.
    late.now = local("03-20 08:00");
    late.does("citizen", "reply", HERE);
    assert_eq!((late.due(Clock::Answer), late.due(Clock::Resolve)), moved);
}

#[test]
fn one_question_is_one_pause_and_a_late_answer_is_welcome() {
    let mut story = Story::in_progress();
    story.does("handler@GT", "ask", WHERE);
    story.tick_until(local("03-10 08:00"));
    assert_eq!(story.stage(), StageName::InProgress);
    assert_eq!(story.refused("handler@GT", "ask", WHERE), "question_open");
    let dues = (story.due(Clock::Answer), story.due(Clock::Resolve));
    assert_eq!(story.does("citizen", "reply", HERE), ["question_answered"]);
    assert_eq!((story.due(Clock::Answer), story.due(Clock::Resolve)), dues);
    assert_eq!(story.refused("citizen", "reply", HERE), "no_question");
    story.does("handler@GT", "ask", WHERE);
}

#[test]
fn one_of_several_cannot_take_it_back_for_all() {
    let mut story = Story::in_progress();
    let mut second = story.case.parties[0].clone();
    second.id = "HCM-26-000002-X/party_1".to_owned();
    let from = uuid::Uuid::from_u128(2);
    let absorbed = crate::case::event::Absorbed { from, number: number(2), parties: vec![second] };
    story.apply(&actor("operator"), vec![absorbed.into()]);
    for who in ["citizen", "citizen:HCM-26-000002-X/party_1", "operator"] {
        assert_eq!(story.refused(who, "withdraw", "{}"), "others_reported");
    }
}

#[test]
fn work_finished_while_the_citizen_was_asked_keeps_its_pause() {
    let mut story = Story::in_progress();
    story.does("handler@GT", "ask", WHERE);
    story.now = local("03-06 10:00");
    story.does("handler@GT", "resolve", DONE);
    assert_eq!(story.due(Clock::Answer), "03-16 23:59", "four days were the citizen's");
    let resolve = &story.case.work.clocks[&Clock::Resolve];
    assert_eq!(resolve.kept(story.now), Some(true), "not late: the clock stood still");
}

#[test]
fn a_rating_closes() {
    let mut story = Story::answered();
    for score in ["0", "6", "255"] {
        let body = format!(r#"{{"score": {score}}}"#);
        assert_eq!(story.refused("citizen", "rate", &body), "score_out_of_range");
    }
    let body = r#"{"score": 5, "comment": "Nhanh"}"#;
    assert_eq!(story.does("citizen", "rate", body), ["rated", "closed"]);
    assert_eq!(story.case.work.stage, Stage::Closed(ClosedBy::Rating));
    assert_eq!(story.case.work.rating, Some(5));
    assert_eq!(story.refused("citizen", "rate", body), "wrong_stage");
}

#[test]
fn it_closes_by_itself_after_the_window() {
    // Answered on 3 March at 10:10; the window is 15 days.
    let mut story = Story::answered();
    assert_eq!(story.tick_until(local("03-18 10:09")), [""; 0]);
    assert_eq!(story.tick_until(local("03-18 10:10")), ["closed"]);
    assert_eq!(story.case.work.stage, Stage::Closed(ClosedBy::WindowOver));
    assert_eq!(story.tick_until(local("12-01 08:00")), [""; 0]);
}

#[test]
fn reopening_keeps_number_and_clock() {
    let mut story = Story::answered();
    let (number, answer) = (story.case.number.clone(), story.due(Clock::Answer));
    assert_eq!(story.refused("citizen", "reopen", r#"{"reason": ""}"#), "text_missing");
    story.wait(hours(24));
    assert_eq!(story.does("citizen", "reopen", BAD), ["reopened"]);
    assert_eq!(story.stage(), StageName::InProgress);
    assert_eq!((story.case.number.clone(), story.due(Clock::Answer)), (number, answer));
    assert_eq!(story.running(), [Clock::Resolve, Clock::Answer]);
    assert_eq!(story.case.work.reopened, 1);
    assert_eq!(story.refused("citizen", "reopen", BAD), "wrong_stage");
    assert_eq!(story.case.agency().unwrap().as_str(), "GT");
    story.does("handler@GT", "resolve", DONE);
}

#[test]
fn reopening_ends_after_fifteen_days_even_when_rated() {
    let mut story = Story::answered();
    story.does("citizen", "rate", r#"{"score": 1}"#);
    story.now = local("03-18 10:10");
    let mut kept = story.clone();
    assert_eq!(kept.does("citizen", "reopen", BAD), ["reopened"]);
    story.wait(minutes(1));
    assert_eq!(story.refused("citizen", "reopen", BAD), "window_over");
    assert_eq!(story.refused("citizen", "appeal", BAD), "window_over");
}

#[test]
fn the_windows_are_policy() {
    let start = time("2027-03-02T08:00:00+07:00");
    let mut story = Story::begin_at(start, 1, sent_to("GT", pothole()));
    story.does("agency_coordinator@GT", "accept", "{}");
    story.does("handler@GT", "resolve", DONE);
    story.does("coordinator", "check-answer", r#"{"approved": true}"#);
    story.does("coordinator", "answer", r#"{"text": "Xong"}"#);
    story.wait(hours(4 * 24));
    assert_eq!(story.refused("citizen", "appeal", BAD), "window_over");
    story.wait(hours(2 * 24));
    assert_eq!(story.refused("citizen", "rate", r#"{"score": 3}"#), "window_over");
    assert_eq!(story.does("citizen", "reopen", BAD), ["reopened"]);
}

#[test]
fn what_was_refused_reopens_at_the_desk() {
    let mut story = Story::begin(at_desk(pothole()));
    story.does("operator", "refuse", r#"{"reason": "Ngoài phạm vi"}"#);
    story.wait(hours(1));
    story.does("citizen", "reopen", BAD);
    assert_eq!(story.stage(), StageName::Received);
    assert_eq!(story.running(), [Clock::Answer].as_slice().to_vec());
    story.does("operator", "dispatch", r#"{"agency": "GT"}"#);
}

#[test]
fn an_appeal_is_dismissed() {
    let mut story = Story::answered();
    assert_eq!(story.refused("citizen", "appeal", r#"{"reason": ""}"#), "text_missing");
    story.wait(hours(24));
    assert_eq!(story.does("citizen", "appeal", BAD), ["appealed", "sent_to_arbitration"]);
    assert_eq!(story.stage(), StageName::Arbitration);
    assert_eq!(story.due(Clock::Ruling), "03-04 11:10");
    assert_eq!(story.refused("citizen", "appeal", BAD), "wrong_stage");
    let no = r#"{"reason": "Đã sửa đúng"}"#;
    assert_eq!(story.refused("operator", "dismiss-appeal", no), "role_not_allowed");
    let blank = r#"{"reason": ""}"#;
    assert_eq!(story.refused("coordinator", "dismiss-appeal", blank), "text_missing");
    assert_eq!(story.does("coordinator", "dismiss-appeal", no), ["appeal_dismissed", "closed"]);
    assert_eq!(story.case.work.stage, Stage::Closed(ClosedBy::AppealDismissed));
}

#[test]
fn a_dismissed_appeal_neither_makes_the_answer_late_nor_renews_the_window() {
    let mut story = Story::answered();
    story.now = local("03-17 10:00");
    story.does("citizen", "appeal", BAD);
    assert_eq!(story.running(), [Clock::Ruling], "the citizen has an answer");
    assert_eq!(story.tick(), [""; 0]);
    story.does("coordinator", "dismiss-appeal", r#"{"reason": "Đã sửa đúng"}"#);
    let answer = &story.case.work.clocks[&Clock::Answer];
    assert_eq!(answer.kept(story.now), Some(true), "it was answered on 3 March");
    story.now = local("03-19 10:00");
    assert_eq!(story.refused("citizen", "appeal", BAD), "window_over");
}

#[test]
fn an_appeal_that_is_right_goes_back_to_work_with_the_original_clock() {
    let mut story = Story::answered();
    story.does("citizen", "appeal", BAD);
    let ruling = r#"{"agency": "GT", "reason": "Làm lại"}"#;
    assert_eq!(story.does("coordinator", "rule", ruling), ["ruled"]);
    assert!(story.running().contains(&Clock::Answer));
    assert_eq!(story.due(Clock::Answer), "03-12 23:59");
    assert_eq!(story.refused("agency_coordinator@GT", "return", BAD), "ruling_binds");
}

#[test]
fn only_an_appeal_is_dismissed() {
    let mut story = Story::dispatched();
    story.does("agency_coordinator@GT", "return", BAD);
    assert_eq!(story.refused("coordinator", "dismiss-appeal", BAD), "no_appeal");
}

#[test]
fn the_citizen_takes_it_back() {
    let mut story = Story::in_progress();
    assert_eq!(story.refused("citizen:party_9", "withdraw", "{}"), "not_a_party");
    assert_eq!(story.does("citizen", "withdraw", r#"{"reason": "Đã tự sửa"}"#), ["withdrawn"]);
    assert_eq!((story.stage(), story.running()), (StageName::Withdrawn, vec![]));
    assert_eq!(story.refused("citizen", "withdraw", "{}"), "wrong_stage");
}

#[test]
fn only_a_party_speaks_for_the_citizen() {
    let mut story = Story::answered();
    for (word, body) in [("rate", r#"{"score": 1}"#), ("reopen", BAD), ("appeal", BAD)] {
        assert_eq!(story.refused("citizen:stranger", word, body), "not_a_party");
    }
    // An operator or another system may pass on what the citizen says.
    assert_eq!(story.clone().does("integration", "reopen", BAD), ["reopened"]);
    assert_eq!(story.does("operator", "rate", r#"{"score": 4}"#), ["rated", "closed"]);
}
