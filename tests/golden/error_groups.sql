SELECT
    ifNull(nullIf(fingerprint, ''), '(not set)') AS label_0,
    max(toUnixTimestamp64Milli(timestamp)) AS last_seen,
    count() AS events,
    groupBitmapIf(person, person != 0) AS users
FROM events
WHERE project_id = {project:UUID}
    AND timestamp >= {since_0:DateTime64(3, 'UTC')}
    AND timestamp < {until_0:DateTime64(3, 'UTC')}
    AND toDate(timestamp) >= {first_day_0:Date}
    AND toDate(timestamp) <= {last_day_0:Date}
    AND is_error
    AND fingerprint != ''
GROUP BY label_0
ORDER BY last_seen DESC, label_0
LIMIT {limit:UInt32}

-- first_day_0 = 2026-02-08
-- last_day_0 = 2026-03-10
-- limit = 1000
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-02-08T14:37:12.345Z
-- until_0 = 2026-03-10T14:37:12.345Z
