SELECT
    label_0,
    sum(errors) AS errors,
    sum(events) AS events
FROM (
    SELECT
        ifNull(nullIf(name, ''), '(not set)') AS label_0,
        sum(is_error) AS errors,
        count() AS events
    FROM events
    WHERE project_id = {project:UUID}
        AND timestamp >= {since_0:DateTime64(3, 'UTC')}
        AND timestamp < {until_2:DateTime64(3, 'UTC')}
        AND toDate(timestamp) IN {days_0:Array(Date)}
        AND (timestamp < {until_0:DateTime64(3, 'UTC')} OR timestamp >= {since_2:DateTime64(3, 'UTC')})
    GROUP BY label_0
    UNION ALL
    SELECT
        ifNull(nullIf(name, ''), '(not set)') AS label_0,
        sum(is_error) AS errors,
        count() AS events
    FROM events
    WHERE project_id = {project:UUID}
        AND toStartOfFifteenMinutes(timestamp) >= {since_1:DateTime('UTC')}
        AND toStartOfFifteenMinutes(timestamp) < {until_1:DateTime('UTC')}
    GROUP BY label_0
)
GROUP BY label_0
ORDER BY if(events = 0, NULL, errors / events) DESC NULLS LAST, label_0
LIMIT {limit:UInt32}

-- days_0 = ['2026-03-10']
-- limit = 50
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-03-10T13:37:12.345Z
-- since_1 = 2026-03-10 13:45:00
-- since_2 = 2026-03-10T14:30:00.000Z
-- until_0 = 2026-03-10T13:45:00.000Z
-- until_1 = 2026-03-10 14:30:00
-- until_2 = 2026-03-10T14:37:12.345Z
