SELECT CAST(0 AS BIGINT) AS what, CAST(0 AS BIGINT) AS nr, position AS number, CAST(0 AS BIGINT) AS first_position,
    CAST(NULL AS BYTEA) AS request_hash, CAST(NULL AS BYTEA) AS salt, CAST(NULL AS TEXT) AS answer, CAST(NULL AS TEXT) AS versions
FROM log_head WHERE id = 1
UNION ALL
SELECT 1, s.nr - 1, coalesce((SELECT max(version) FROM events WHERE stream = s.stream), 0), 0, NULL, NULL, NULL, NULL
FROM unnest(CAST($1 AS UUID[])) WITH ORDINALITY AS s(stream, nr)
UNION ALL
SELECT 2, s.nr - 1, coalesce((SELECT last FROM serials WHERE series = s.series), 0), 0, NULL, NULL, NULL, NULL
FROM unnest(CAST($2 AS TEXT[])) WITH ORDINALITY AS s(series, nr)
UNION ALL
SELECT 3, s.nr - 1, i.last_position, i.first_position, i.request_hash, i.salt, i.answer, i.versions
FROM unnest(CAST($3 AS TEXT[]), CAST($4 AS BYTEA[])) WITH ORDINALITY AS s(scope, key_hash, nr)
JOIN idempotency AS i ON i.scope = s.scope AND i.key_hash = s.key_hash
