//! Feedback, as citizens send it, and its receipt in this process.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hoiam::desk::{Desk, Feedback, Received, Reporter};
use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::kinds::Channel;

use crate::measure::Load;

/// One that the rules classify and route without asking; never the same text twice.
pub fn pothole(nr: u64) -> Feedback {
    let (house, lane) = (nr % 500 + 1, nr / 500 + 1);
    Feedback {
        channel: Channel::App,
        kind: None,
        category: None,
        attributes: BTreeMap::new(),
        text: format!(
            "Trước số nhà {house} hẻm {lane} Bùi Đình Túy, phường 12, quận Bình Thạnh có ổ gà lớn, mưa xuống ngập không thấy đường, hôm qua đã có hai người đi xe máy bị ngã. Đề nghị sửa chữa sớm."
        ),
        point: Some((10.81, 106.70)),
        address: Some(format!("{house} hẻm {lane} Bùi Đình Túy, P.12, Q.Bình Thạnh")),
        reporter: Reporter {
            name: Some("Trần Thị Thử".to_owned()),
            phone: Some("0900 000 001".to_owned()),
            ..Reporter::default()
        },
        public: true,
        occurred_at: None,
    }
}

pub async fn receive(desk: &Desk, feedback: Feedback) -> Received {
    desk.receive(&Actor::new(Role::Citizen, "anonymous"), feedback, None).await.unwrap().0
}

/// Receipts only, without HTTP.
pub struct Receipts {
    desk: Desk,
    next: AtomicU64,
}

pub fn on(desk: Desk) -> Arc<Receipts> {
    Arc::new(Receipts { desk, next: AtomicU64::new(0) })
}

impl Load for Receipts {
    type Caller = ();

    async fn caller(&self) {}

    async fn once(&self, (): &mut ()) {
        let nr = self.next.fetch_add(1, Ordering::Relaxed);
        receive(&self.desk, pothole(nr)).await;
    }
}
