//! Minutes of waiting, in no time: how the lanes, the slots and the denial budget work together.

use std::time::Duration;

use super::*;
use crate::prober::denials::Risk;

const SECOND: Duration = Duration::from_secs(1);

fn left(remaining: u64, reset_in: u64) -> Signals {
    Signals {
        limit: Some(50),
        remaining: Some(remaining),
        reset_in: Some(Duration::from_secs(reset_in)),
        retry_after: None,
    }
}

fn pace(headroom: f64) -> Pace {
    let backoff = Arc::new(Backoff::new(1, 65 * SECOND));
    Pace::new(Manners::default(), headroom, 6, backoff, OnWait::default())
}

/// Sends requests one after the other to an endpoint whose window of 50 ends at each full minute.
async fn sent_in_one_minute(pace: &Pace, used_by_others: u64) -> u64 {
    let endpoint = "e".to_owned();
    let start = Instant::now();
    let mut sent = 0;
    loop {
        let leave = pace.turn(&endpoint, Risk::Any).await;
        if start.elapsed() >= 60 * SECOND {
            return sent;
        }
        sent += 1;
        leave.denial.not_denied();
        leave.ticket.answered(&left(50 - sent - used_by_others.min(sent), 60), Fate::Answered);
    }
}

#[tokio::test(start_paused = true)]
async fn half_of_what_remains_is_used_and_then_the_reset_awaited() {
    assert_eq!(sent_in_one_minute(&pace(0.5), 0).await, 25);
    assert_eq!(sent_in_one_minute(&pace(0.1), 0).await, 5);
}

#[tokio::test(start_paused = true)]
async fn what_others_use_makes_our_share_smaller() {
    // They use as much as we do, up to ten: half of 50 - 10.
    assert_eq!(sent_in_one_minute(&pace(0.5), 10).await, 20);
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_never_seen_gets_a_small_burst_and_then_its_headers_count() {
    let pace = Arc::new(pace(0.5));
    let endpoint = "e".to_owned();
    let first = pace.turn(&endpoint, Risk::Any).await;
    let _second = pace.turn(&endpoint, Risk::Any).await;
    let third = tokio::time::timeout(600 * SECOND, pace.turn(&endpoint, Risk::Any)).await;
    assert!(third.is_err(), "a third went before any answer");
    first.denial.not_denied();
    first.ticket.answered(&left(49, 30), Fate::Answered);
    assert!(tokio::time::timeout(SECOND, pace.turn(&endpoint, Risk::Any)).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_limit_too_small_to_share_still_lets_one_request_through_in_a_window() {
    let pace = pace(0.5);
    let start = Instant::now();
    for _ in 0..3 {
        let leave = pace.turn("e", Risk::Any).await;
        leave.denial.not_denied();
        let signals = Signals { limit: Some(1), ..left(0, 60) };
        leave.ticket.answered(&signals, Fate::Answered);
    }
    assert_eq!(start.elapsed().as_secs(), 120);
}

#[tokio::test(start_paused = true)]
async fn a_limit_that_does_not_say_when_it_ends_lasts_a_minute() {
    let pace = pace(0.5);
    let start = Instant::now();
    for _ in 0..2 {
        let leave = pace.turn("e", Risk::Any).await;
        leave.denial.not_denied();
        let signals = Signals { remaining: Some(0), ..Signals::default() };
        leave.ticket.answered(&signals, Fate::Answered);
    }
    assert_eq!(start.elapsed().as_secs(), 60);
}

async fn wait_after(pace: &Pace, signals: Signals, fate: Fate) -> Duration {
    let endpoint = "e".to_owned();
    let leave = pace.turn(&endpoint, Risk::Any).await;
    leave.denial.not_denied();
    leave.ticket.answered(&signals, fate);
    drop(leave.slot);
    let start = Instant::now();
    let leave = pace.turn(&endpoint, Risk::Any).await;
    leave.denial.not_denied();
    drop(leave.ticket);
    start.elapsed()
}

#[tokio::test(start_paused = true)]
async fn after_a_429_the_endpoint_rests_as_long_as_told() {
    let told = Signals { retry_after: Some(20 * SECOND), ..left(0, 50) };
    let wait = wait_after(&pace(0.5), told, Fate::Throttled).await;
    assert!(wait >= 20 * SECOND && wait <= 23 * SECOND, "{wait:?}");
    let wait = wait_after(&pace(0.5), left(0, 50), Fate::Throttled).await;
    assert!(wait >= 50 * SECOND && wait <= 56 * SECOND, "{wait:?}");
    let wait = wait_after(&pace(0.5), Signals::default(), Fate::Throttled).await;
    assert!(wait >= 9 * SECOND && wait <= 16 * SECOND, "{wait:?}");
}

#[tokio::test(start_paused = true)]
async fn one_success_after_a_429_does_not_reset_the_back_off_and_several_do() {
    let pace = pace(0.5);
    let fine = left(40, 60);
    wait_after(&pace, Signals::default(), Fate::Throttled).await;
    wait_after(&pace, Signals::default(), Fate::Throttled).await;
    // Two strikes: a second of distance after each success, then half a second, then none.
    let mut waits = Vec::new();
    for _ in 0..7 {
        waits.push(wait_after(&pace, fine, Fate::Answered).await.as_millis());
    }
    assert_eq!(waits, [1000, 1000, 500, 500, 500, 0, 0]);
    // A strike that was not forgiven makes the next one dearer.
    let pace = self::pace(0.5);
    wait_after(&pace, Signals::default(), Fate::Throttled).await;
    wait_after(&pace, fine, Fate::Answered).await;
    assert!(wait_after(&pace, Signals::default(), Fate::Throttled).await >= 18 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_at_rest_does_not_hold_up_the_others() {
    let pace = Arc::new(Pace::new(
        Manners::default(),
        0.5,
        1,
        Arc::new(Backoff::new(1, 65 * SECOND)),
        OnWait::default(),
    ));
    let leave = pace.turn("slow", Risk::Any).await;
    leave.denial.not_denied();
    leave.ticket.answered(&left(0, 60), Fate::Answered);
    drop(leave.slot);
    let waiting = tokio::spawn({
        let pace = Arc::clone(&pace);
        async move { pace.turn("slow", Risk::Any).await }
    });
    tokio::task::yield_now().await;
    let start = Instant::now();
    drop(pace.turn("quick", Risk::Any).await);
    assert_eq!(start.elapsed(), Duration::ZERO);
    drop(waiting.await.unwrap());
    assert_eq!(start.elapsed(), 60 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn never_more_requests_at_once_than_there_are_slots() {
    let pace = pace(0.5);
    let mut leaves = Vec::new();
    for number in 0..6 {
        leaves.push(pace.turn(&format!("e{number}"), Risk::Any).await);
    }
    let seventh = "e6".to_owned();
    assert!(tokio::time::timeout(SECOND, pace.turn(&seventh, Risk::Any)).await.is_err());
    leaves.pop();
    assert!(tokio::time::timeout(SECOND, pace.turn(&seventh, Risk::Any)).await.is_ok());
}

/// When the API counts each of its denials, if requests take a random while there and back.
async fn denials(count: u64, concurrency: usize, drop_some: bool) -> Vec<Instant> {
    let backoff = Arc::new(Backoff::new(1, 65 * SECOND));
    let pace = Arc::new(Pace::new(Manners::default(), 0.5, concurrency, backoff, OnWait::default()));
    let denied = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = Vec::new();
    for number in 0..count {
        let (pace, denied) = (Arc::clone(&pace), Arc::clone(&denied));
        tasks.push(tokio::spawn(async move {
            let leave = pace.turn(&format!("e{number}"), Risk::Any).await;
            tokio::time::sleep(Duration::from_millis(number * 7919 % 1500)).await;
            denied.lock().unwrap().push(Instant::now());
            tokio::time::sleep(Duration::from_millis(number * 104_729 % 1500)).await;
            if drop_some && number.is_multiple_of(3) {
                return;
            }
            leave.ticket.answered(&Signals::default(), Fate::Answered);
            leave.denial.denied();
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let mut denied = denied.lock().unwrap().clone();
    denied.sort();
    denied
}

#[tokio::test(start_paused = true)]
async fn sixty_refusals_never_exceed_twenty_in_any_ten_seconds() {
    for (concurrency, drop_some) in [(1, false), (6, false), (60, false), (60, true)] {
        let times = denials(60, concurrency, drop_some).await;
        assert_eq!(times.len(), 60);
        for window in times.windows(21) {
            assert!(
                window[20] - window[0] >= 10 * SECOND,
                "{concurrency} at once: {:?}",
                window[20] - window[0]
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn answers_that_are_no_denials_cost_no_budget() {
    let pace = pace(0.5);
    let start = Instant::now();
    for number in 0..500 {
        let leave = pace.turn(&format!("e{number}"), Risk::Any).await;
        leave.denial.not_denied();
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
}

/// How long the canary waits after twenty refusals, `at_the_end` of them without a good answer between.
async fn wait_of_the_canary(at_the_end: usize) -> Duration {
    let pace = pace(0.5);
    let turn = async |number: usize, risk| pace.turn(&format!("e{number}"), risk).await;
    for number in 0..20 {
        if number == 20 - at_the_end {
            turn(100, Risk::Any).await.denial.not_denied();
        }
        turn(number, Risk::Any).await.denial.denied();
    }
    assert_eq!(pace.denials_left(), 0);
    let start = Instant::now();
    turn(200, Risk::Canary).await.denial.not_denied();
    start.elapsed()
}

#[tokio::test(start_paused = true)]
async fn the_canary_goes_ahead_of_the_budget_unless_a_block_is_likely() {
    assert_eq!(wait_of_the_canary(5).await, Duration::ZERO);
    assert_eq!(wait_of_the_canary(6).await, 10 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn whoever_listens_hears_who_is_waited_for_why_and_how_long() {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ears = Arc::clone(&heard);
    let listener = OnWait::new(move |wait| ears.lock().unwrap().push(wait.clone()));
    let backoff = Arc::new(Backoff::new(1, 65 * SECOND));
    let pace = Pace::new(Manners::default(), 0.5, 6, backoff, listener);
    for _ in 0..20 {
        let leave = pace.turn("GET /a", Risk::Any).await;
        leave.denial.denied();
        leave.ticket.answered(&left(49, 60), Fate::Answered);
    }
    drop(pace.turn("GET /b", Risk::Any).await);
    let leave = pace.turn("GET /c", Risk::Any).await;
    leave.denial.not_denied();
    leave.ticket.answered(&left(0, 40), Fate::Throttled);
    drop(pace.turn("GET /c", Risk::Any).await);
    let heard: Vec<(String, Why, u64)> =
        heard.lock().unwrap().iter().map(|wait| (wait.whom.clone(), wait.why, wait.time.as_secs())).collect();
    assert_eq!(heard[0], ("GET /b".to_owned(), Why::Refusals, 10));
    let (whom, why, seconds) = heard.last().unwrap();
    assert!(whom == "GET /c" && *why == Why::Limit && (39..=44).contains(seconds), "{heard:?}");
}
