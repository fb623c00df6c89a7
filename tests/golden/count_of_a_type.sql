SELECT
    period,
    sum(events) AS events
FROM (
    SELECT
        1 AS overlap,
        count() AS events
    FROM events
    WHERE project_id = {project:UUID}
        AND timestamp >= {since_0:DateTime64(3, 'UTC')}
        AND timestamp < {until_2:DateTime64(3, 'UTC')}
        AND toDate(timestamp) IN {days_0:Array(Date)}
        AND (timestamp < {until_0:DateTime64(3, 'UTC')} OR timestamp >= {since_2:DateTime64(3, 'UTC')})
        AND kind IN {filter_0:Array(String)}
    GROUP BY overlap
    UNION ALL
    SELECT
        1 AS overlap,
        count() AS events
    FROM events
    WHERE project_id = {project:UUID}
        AND toStartOfFifteenMinutes(timestamp) >= {since_1:DateTime('UTC')}
        AND toStartOfFifteenMinutes(timestamp) < {until_1:DateTime('UTC')}
        AND kind IN {filter_0:Array(String)}
    GROUP BY overlap
)
ARRAY JOIN [[0]][overlap] AS period
GROUP BY period
ORDER BY period

-- days_0 = ['2026-02-08', '2026-03-10']
-- filter_0 = ['ERROR']
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-02-08T14:37:12.345Z
-- since_1 = 2026-02-08 14:45:00
-- since_2 = 2026-03-10T14:30:00.000Z
-- until_0 = 2026-02-08T14:45:00.000Z
-- until_1 = 2026-03-10 14:30:00
-- until_2 = 2026-03-10T14:37:12.345Z
