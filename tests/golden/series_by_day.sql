SELECT
    start,
    sum(events) AS events
FROM (
    SELECT
        roundDown(toInt64(toUnixTimestamp(toStartOfFifteenMinutes(timestamp))) * 1000, {starts:Array(Int64)}) AS start,
        count() AS events
    FROM events
    WHERE project_id = {project:UUID}
        AND timestamp >= {since_0:DateTime64(3, 'UTC')}
        AND timestamp < {until_2:DateTime64(3, 'UTC')}
        AND toDate(timestamp) IN {days_0:Array(Date)}
        AND (timestamp < {until_0:DateTime64(3, 'UTC')} OR timestamp >= {since_2:DateTime64(3, 'UTC')})
    GROUP BY start
    UNION ALL
    SELECT
        roundDown(toInt64(toUnixTimestamp(toStartOfFifteenMinutes(timestamp))) * 1000, {starts:Array(Int64)}) AS start,
        count() AS events
    FROM events
    WHERE project_id = {project:UUID}
        AND toStartOfFifteenMinutes(timestamp) >= {since_1:DateTime('UTC')}
        AND toStartOfFifteenMinutes(timestamp) < {until_1:DateTime('UTC')}
    GROUP BY start
)
GROUP BY start
ORDER BY start

-- days_0 = ['2026-02-08', '2026-03-10']
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-02-08T14:37:12.345Z
-- since_1 = 2026-02-08 14:45:00
-- since_2 = 2026-03-10T14:30:00.000Z
-- starts = (1770526800000, 1770613200000, 1770699600000, 1770786000000, 1770872400000, 1770958800000, 1771045200000, 1771131600000, 1771218000000, 1771304400000, 1771390800000, 1771477200000, 1771563600000, 1771650000000, 1771736400000, 1771822800000, 1771909200000, 1771995600000, 1772082000000, 1772168400000, 1772254800000, 1772341200000, 1772427600000, 1772514000000, 1772600400000, 1772686800000, 1772773200000, 1772859600000, 1772946000000, 1773028800000, 1773115200000)
-- until_0 = 2026-02-08T14:45:00.000Z
-- until_1 = 2026-03-10 14:30:00
-- until_2 = 2026-03-10T14:37:12.345Z
