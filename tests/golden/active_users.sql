SELECT
    period,
    groupBitmapIfMerge(users) AS users
FROM (
    SELECT
        multiIf(timestamp < {until_2:DateTime64(3, 'UTC')}, 1, timestamp < {until_5:DateTime64(3, 'UTC')}, 2, 3) AS overlap,
        groupBitmapIfState(person, person != 0) AS users
    FROM events
    WHERE project_id = {project:UUID}
        AND timestamp >= {since_0:DateTime64(3, 'UTC')}
        AND timestamp < {until_6:DateTime64(3, 'UTC')}
        AND toDate(timestamp) IN {days_0:Array(Date)}
    GROUP BY overlap
    UNION ALL
    SELECT
        multiIf(toDate(timestamp) < {until_1:Date}, 1, 2) AS overlap,
        groupBitmapIfState(person, person != 0) AS users
    FROM events
    WHERE project_id = {project:UUID}
        AND ((toDate(timestamp) >= {since_1:Date} AND toDate(timestamp) < {until_1:Date})
            OR (toDate(timestamp) >= {since_4:Date} AND toDate(timestamp) < {until_4:Date}))
    GROUP BY overlap, toDate(timestamp)
)
ARRAY JOIN [[0], [0, 1], [0, 1, 2]][overlap] AS period
GROUP BY period
ORDER BY period

-- days_0 = ['2026-02-09', '2026-03-04', '2026-03-10', '2026-03-11']
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-02-09T04:00:00.000Z
-- since_1 = 2026-02-10
-- since_4 = 2026-03-05
-- until_1 = 2026-03-04
-- until_2 = 2026-03-04T04:00:00.000Z
-- until_4 = 2026-03-10
-- until_5 = 2026-03-10T04:00:00.000Z
-- until_6 = 2026-03-11T04:00:00.000Z
