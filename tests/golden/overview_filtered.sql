SELECT
    period,
    sum(events) AS events,
    sum(errors) AS errors,
    groupBitmapIfMerge(users) AS users,
    groupBitmapIfMerge(sessions) AS sessions
FROM (
    SELECT
        multiIf(timestamp < {until_0:DateTime64(3, 'UTC')}, 1, 2) AS overlap,
        count() AS events,
        sum(is_error) AS errors,
        groupBitmapIfState(person, person != 0) AS users,
        groupBitmapIfState(session, session != 0) AS sessions
    FROM events
    WHERE project_id = {project:UUID}
        AND timestamp >= {since_0:DateTime64(3, 'UTC')}
        AND timestamp < {until_1:DateTime64(3, 'UTC')}
        AND toDate(timestamp) >= {first_day_0:Date}
        AND toDate(timestamp) <= {last_day_1:Date}
        AND JSONExtractString(properties, {filter_0_key:String}) IN {filter_0:Array(String)}
    GROUP BY overlap
)
ARRAY JOIN [[1], [0]][overlap] AS period
GROUP BY period
ORDER BY period

-- filter_0 = ['pro']
-- filter_0_key = plan
-- first_day_0 = 2026-01-09
-- last_day_1 = 2026-03-10
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-01-09T14:37:12.345Z
-- until_0 = 2026-02-08T14:37:12.345Z
-- until_1 = 2026-03-10T14:37:12.345Z
