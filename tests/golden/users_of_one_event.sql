SELECT
    period,
    groupBitmapIfMerge(users) AS users
FROM (
    SELECT
        1 AS overlap,
        groupBitmapIfState(person, person != 0) AS users
    FROM events
    WHERE project_id = {project:UUID}
        AND ((timestamp >= {since_0:DateTime64(3, 'UTC')} AND timestamp < {until_0:DateTime64(3, 'UTC')} AND toDate(timestamp) = {first_day_0:Date})
            OR (timestamp >= {since_2:DateTime64(3, 'UTC')} AND timestamp < {until_2:DateTime64(3, 'UTC')} AND toDate(timestamp) = {first_day_2:Date}))
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

-- filter_0 = ['signup']
-- first_day_0 = 2026-02-08
-- first_day_2 = 2026-03-10
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-02-08T14:37:12.345Z
-- since_1 = 2026-02-09
-- since_2 = 2026-03-10T00:00:00.000Z
-- until_0 = 2026-02-09T00:00:00.000Z
-- until_1 = 2026-03-10
-- until_2 = 2026-03-10T14:37:12.345Z
