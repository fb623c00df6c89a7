SELECT
    0 AS period,
    count() AS events,
    sum(is_error) AS errors,
    groupBitmapIf(person, person != 0) AS users,
    groupBitmapIf(session, session != 0) AS sessions
FROM events
WHERE project_id = {project:UUID}
    AND timestamp >= {since_0:DateTime64(3, 'UTC')}
    AND timestamp < {until_0:DateTime64(3, 'UTC')}
    AND toDate(timestamp) = {first_day_0:Date}

-- first_day_0 = 2026-03-10
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-03-10T13:37:12.345Z
-- until_0 = 2026-03-10T14:37:12.345Z
