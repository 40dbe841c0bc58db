//! What events name by hash.

use hoiam::policy::{BlobKind, PolicyError, blob, store_blob};

use crate::support::bed::{number, sql};
use crate::support::build::at;

both! {
    async fn content_is_kept_once_and_checked_when_read(bed: &Bed) {
        let log = bed.open().await;
        let pool = log.pool();
        let hash = store_blob(pool, BlobKind::Boundaries, b"ranh gioi", at()).await.unwrap();
        assert_eq!(store_blob(pool, BlobKind::Boundaries, b"ranh gioi", at()).await.unwrap(), hash);
        assert_eq!(number(pool, "SELECT count(*) FROM policy_blobs").await, 1);
        assert_eq!(blob(pool, &hash).await.unwrap().as_deref(), Some(&b"ranh gioi"[..]));
        assert_eq!(blob(pool, "00").await.unwrap(), None);
        assert!(sql(pool, "UPDATE policy_blobs SET kind = 'x'").await.is_err());
        assert!(sql(pool, "DELETE FROM policy_blobs").await.is_err());
        // Content under another hash than its own is noticed.
        let wrong = "INSERT INTO policy_blobs (hash, kind, content, stored_at) \
                     SELECT 'ff', kind, content, stored_at FROM policy_blobs";
        sql(pool, wrong).await.unwrap();
        assert!(matches!(blob(pool, "ff").await, Err(PolicyError::Altered { .. })));
        log.close().await;
    }
}
