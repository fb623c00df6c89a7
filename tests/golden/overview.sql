SELECT
    period,
    sum(events) AS events,
    sum(errors) AS errors,
    groupBitmapIfMerge(users) AS users,
    groupBitmapIfMerge(sessions) AS sessions
FROM (
    SELECT
        multiIf(timestamp < {until_2:DateTime64(3, 'UTC')}, 1, 2) AS overlap,
        count() AS events,
        sum(is_error) AS errors,
        groupBitmapIfState(person, person != 0) AS users,
        groupBitmapIfState(session, session != 0) AS sessions
    FROM events
    WHERE project_id = {project:UUID}
        AND timestamp >= {since_0:DateTime64(3, 'UTC')}
        AND timestamp < {until_5:DateTime64(3, 'UTC')}
        AND toDate(timestamp) IN {days_0:Array(Date)}
    GROUP BY overlap
    UNION ALL
    SELECT
        multiIf(toDate(timestamp) < {until_1:Date}, 1, 2) AS overlap,
        count() AS events,
        sum(is_error) AS errors,
        groupBitmapIfState(person, person != 0) AS users,
        groupBitmapIfState(session, session != 0) AS sessions
    FROM events
    WHERE project_id = {project:UUID}
        AND ((toDate(timestamp) >= {since_1:Date} AND toDate(timestamp) < {until_1:Date})
            OR (toDate(timestamp) >= {since_4:Date} AND toDate(timestamp) < {until_4:Date}))
    GROUP BY overlap, toDate(timestamp)
)
ARRAY JOIN [[1], [0]][overlap] AS period
GROUP BY period
ORDER BY period

-- days_0 = ['2026-01-09', '2026-02-08', '2026-03-10']
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-01-09T14:37:12.345Z
-- since_1 = 2026-01-10
-- since_4 = 2026-02-09
-- until_1 = 2026-02-08
-- until_2 = 2026-02-08T14:37:12.345Z
-- until_4 = 2026-03-10
-- until_5 = 2026-03-10T14:37:12.345Z
