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
        AND ((timestamp >= {since_0:DateTime64(3, 'UTC')} AND timestamp < {until_0:DateTime64(3, 'UTC')} AND toDate(timestamp) = {first_day_0:Date})
            OR (timestamp >= {since_2:DateTime64(3, 'UTC')} AND timestamp < {until_3:DateTime64(3, 'UTC')} AND toDate(timestamp) = {first_day_2:Date})
            OR (timestamp >= {since_5:DateTime64(3, 'UTC')} AND timestamp < {until_5:DateTime64(3, 'UTC')} AND toDate(timestamp) = {first_day_5:Date}))
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

-- first_day_0 = 2026-01-09
-- first_day_2 = 2026-02-08
-- first_day_5 = 2026-03-10
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-01-09T14:37:12.345Z
-- since_1 = 2026-01-10
-- since_2 = 2026-02-08T00:00:00.000Z
-- since_4 = 2026-02-09
-- since_5 = 2026-03-10T00:00:00.000Z
-- until_0 = 2026-01-10T00:00:00.000Z
-- until_1 = 2026-02-08
-- until_2 = 2026-02-08T14:37:12.345Z
-- until_3 = 2026-02-09T00:00:00.000Z
-- until_4 = 2026-03-10
-- until_5 = 2026-03-10T14:37:12.345Z
