SELECT
    1 AS whole,
    quantileTDigestMerge(0.95)(p95) AS p95
FROM (
    SELECT
        quantileTDigestState(0.95)(duration_ms) AS p95
    FROM events
    WHERE project_id = {project:UUID}
        AND timestamp >= {since_0:DateTime64(3, 'UTC')}
        AND timestamp < {until_0:DateTime64(3, 'UTC')}
        AND toDate(timestamp) = {first_day_0:Date}
)

-- first_day_0 = 2026-03-10
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-03-10T13:37:12.345Z
-- until_0 = 2026-03-10T14:37:12.345Z
