SELECT
    period,
    groupBitmapIfMerge(users) AS users
FROM (
    SELECT
        1 AS overlap,
        groupBitmapIfState(person, person != 0) AS users
    FROM events
    WHERE project_id = {project:UUID}
        AND timestamp >= {since_0:DateTime64(3, 'UTC')}
        AND timestamp < {until_2:DateTime64(3, 'UTC')}
        AND toDate(timestamp) IN {days_0:Array(Date)}
        AND name IN {filter_0:Array(String)}
    GROUP BY overlap
    UNION ALL
    SELECT
        1 AS overlap,
        groupBitmapIfState(person, person != 0) AS users
    FROM events
    WHERE project_id = {project:UUID}
        AND toDate(timestamp) >= {since_1:Date}
        AND toDate(timestamp) < {until_1:Date}
        AND name IN {filter_0:Array(String)}
    GROUP BY overlap, toDate(timestamp)
)
ARRAY JOIN [[0]][overlap] AS period
GROUP BY period
ORDER BY period

-- days_0 = ['2026-02-08', '2026-03-10']
-- filter_0 = ['signup']
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-02-08T14:37:12.345Z
-- since_1 = 2026-02-09
-- until_1 = 2026-03-10
-- until_2 = 2026-03-10T14:37:12.345Z
