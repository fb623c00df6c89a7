SELECT
    roundDown(toInt64(slot) * 86400000, {starts:Array(Int64)}) AS start,
    grouping(start) AS whole,
    groupBitmapIfMerge(users) AS users
FROM (
    SELECT
        toDate(timestamp) AS slot,
        groupBitmapIfState(person, person != 0) AS users
    FROM events
    WHERE project_id = {project:UUID}
        AND timestamp >= {since_0:DateTime64(3, 'UTC')}
        AND timestamp < {until_2:DateTime64(3, 'UTC')}
        AND toDate(timestamp) IN {days_0:Array(Date)}
    GROUP BY slot
    UNION ALL
    SELECT
        toDate(timestamp) AS slot,
        groupBitmapIfState(person, person != 0) AS users
    FROM events
    WHERE project_id = {project:UUID}
        AND toDate(timestamp) >= {since_1:Date}
        AND toDate(timestamp) < {until_1:Date}
    GROUP BY slot
)
GROUP BY GROUPING SETS ((start), ())
HAVING count() > 0
ORDER BY start

-- days_0 = ['2026-02-08', '2026-03-10']
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-02-08T14:37:12.345Z
-- since_1 = 2026-02-09
-- starts = (1770508800000, 1770595200000, 1770681600000, 1770768000000, 1770854400000, 1770940800000, 1771027200000, 1771113600000, 1771200000000, 1771286400000, 1771372800000, 1771459200000, 1771545600000, 1771632000000, 1771718400000, 1771804800000, 1771891200000, 1771977600000, 1772064000000, 1772150400000, 1772236800000, 1772323200000, 1772409600000, 1772496000000, 1772582400000, 1772668800000, 1772755200000, 1772841600000, 1772928000000, 1773014400000, 1773100800000)
-- until_1 = 2026-03-10
-- until_2 = 2026-03-10T14:37:12.345Z
