SELECT
    roundDown(toInt64(toUnixTimestamp(slot)) * 1000, {starts:Array(Int64)}) AS start,
    groupBitmapIfMerge(users) AS users
FROM (
    SELECT
        toStartOfFifteenMinutes(timestamp) AS slot,
        groupBitmapIfState(person, person != 0) AS users
    FROM events
    WHERE project_id = {project:UUID}
        AND timestamp >= {since_0:DateTime64(3, 'UTC')}
        AND timestamp < {until_0:DateTime64(3, 'UTC')}
        AND toDate(timestamp) >= {first_day_0:Date}
        AND toDate(timestamp) <= {last_day_0:Date}
    GROUP BY slot
)
GROUP BY start
ORDER BY start

-- first_day_0 = 2026-02-08
-- last_day_0 = 2026-03-10
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-02-08T14:37:12.345Z
-- starts = (1769969700000, 1770574500000, 1771179300000, 1771784100000, 1772388900000, 1772993700000)
-- until_0 = 2026-03-10T14:37:12.345Z
