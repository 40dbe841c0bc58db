//! What stands in the log is what was appended, and its hash covers all of it.

use hoiam::log::{Expected, NewEvent, leaf_hash};
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::support::build::{at, everything, one, ready, stream, stream_append};

both! {
    async fn an_event_comes_back_as_it_went(bed: &Bed) {
        let log = bed.open().await;
        let data = r#"{"text":"Ổ gà \"to\" trên đường Trường Sa \u0000 🌀","n":-1.5,"data":{"actor":null}}"#;
        let occurred_at: Timestamp = "2011-07-01T00:00:00.123456789Z".parse().unwrap();
        let event = NewEvent { kind: "case.received-v2_x".into(), schema: 3, occurred_at, data: data.into() };
        let mut append = one(stream(1), Expected::NoStream);
        append.actor = r#"{"role":"citizen","id":",\"data\":"}"#.into();
        append.causation = Some(Uuid::from_u128(5));
        append.content = {
            let mut streams = vec![stream_append(stream(1), Expected::NoStream, 0)];
            streams[0].events = vec![event.clone()];
            ready(streams).content
        };
        let actor = append.actor.clone();
        log.append(append).await.unwrap();
        let stored = log.read_all(0, 10).await.unwrap().remove(0);
        assert_eq!((stored.position, stored.version, stored.stream), (1, 1, stream(1)));
        assert_eq!((&stored.kind, stored.schema), (&event.kind, 3));
        assert_eq!((stored.data(), &stored.actor), (data, &actor));
        assert_eq!((stored.causation, stored.correlation), (Some(Uuid::from_u128(5)), None));
        assert_eq!(stored.recorded_at, at());
        assert_eq!(stored.occurred_at.to_string(), "2011-07-01T00:00:00.123456Z", "whole microseconds");
        assert_eq!(stored, log.read_stream(stream(1), 0, 1).await.unwrap().remove(0));
    }

    /// The stored bytes alone tell everything the columns tell.
    async fn the_hash_covers_everything(bed: &Bed) {
        let log = bed.open().await;
        for nr in 0..5 {
            let mut append = ready(vec![stream_append(stream(nr), Expected::Any, 2)]);
            append.correlation = Some(stream(99));
            log.append(append).await.unwrap();
        }
        for event in everything(&log).await {
            assert_eq!(event.leaf_hash, leaf_hash(event.payload.as_bytes()));
            let envelope: Value = serde_json::from_str(&event.payload).unwrap();
            assert_eq!(envelope["stream"], event.stream.to_string());
            assert_eq!(envelope["version"], event.version);
            assert_eq!(envelope["kind"], event.kind);
            assert_eq!(envelope["schema"], event.schema);
            assert_eq!(envelope["occurred_at"], event.occurred_at.to_string());
            assert_eq!(envelope["recorded_at"], event.recorded_at.to_string());
            assert_eq!(envelope["actor"].to_string().len(), event.actor.len());
            assert_eq!(envelope["causation"], Value::Null);
            assert_eq!(envelope["correlation"], stream(99).to_string());
            assert_eq!(envelope["data"], event.decode::<Value>().unwrap());
        }
    }
}
