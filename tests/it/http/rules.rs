//! Which rule set is in force, as coordinators and administrators see it.

use hoiam_domain::actor::Role;

use super::server::Server;
use crate::policy::{alleys_to_the_city, node, puts_into_force};
use crate::support::city::at;

both! {
    async fn the_set_in_force_and_the_next_are_told_to_those_who_decide(bed: &Bed) {
        let server = Server::of(node(bed).await).await;
        let token = server.token(Role::Administrator, None).await;
        let before = server.get("/api/v1/rules", &token).await.ok();
        assert_eq!(before["rule_set"], server.city.desk.rules().hash.as_str());
        assert_eq!((&before["activated"], before["next"].is_null()), (&false.into(), true));

        let noon = at("2026-03-10T12:00:00+07:00");
        let next = puts_into_force(&server.city, alleys_to_the_city(), Some(noon)).await;
        let told = server.get("/api/v1/rules", &token).await.ok();
        assert_eq!((&told["rule_set"], told["current"].is_null()), (&before["rule_set"], true));
        assert_eq!((&told["next"]["rule_set"], &told["next"]["by"]), (&next.hash.into(), &"lan".into()));
        server.city.clock.set(noon);
        let told = server.get("/api/v1/rules", &token).await.ok();
        assert_eq!((&told["activated"], &told["current"]["id"]), (&true.into(), &1.into()));
        assert_eq!(told["rule_set"], told["current"]["rule_set"]);

        server.get("/api/v1/rules", "").await.refused(401, "token_missing", Some("Authorization"));
        let handler = server.token(Role::Handler, Some("UBND-BTH")).await;
        server.get("/api/v1/rules", &handler).await.refused(403, "role_not_allowed", None);
        server.stop().await;
    }
}
