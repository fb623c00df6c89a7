SELECT
    count() AS sessions,
    countIf(events = 1) AS bounces,
    sum(last - first) AS milliseconds
FROM (
    SELECT
        countIf(kind = 'PAGE_VIEW') AS views,
        count() AS events,
        min(toUnixTimestamp64Milli(timestamp)) AS first,
        max(toUnixTimestamp64Milli(timestamp)) AS last
    FROM events
    WHERE project_id = {project:UUID}
        AND timestamp >= {since_0:DateTime64(3, 'UTC')}
        AND timestamp < {until_0:DateTime64(3, 'UTC')}
        AND toDate(timestamp) >= {first_day_0:Date}
        AND toDate(timestamp) <= {last_day_0:Date}
        AND session != 0
        AND bot IN {filter_0:Array(UInt8)}
        AND country IN {filter_1:Array(String)}
    GROUP BY session
    HAVING views > 0
)

-- filter_0 = [0]
-- filter_1 = ['DE']
-- first_day_0 = 2026-02-08
-- last_day_0 = 2026-03-10
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-02-08T14:37:12.345Z
-- until_0 = 2026-03-10T14:37:12.345Z
