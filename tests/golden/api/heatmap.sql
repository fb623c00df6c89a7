SELECT
    roundDown(toUnixTimestamp64Milli(timestamp), {starts:Array(Int64)}) AS by_start,
    roundDown(assumeNotNull(duration_ms), {edges:Array(Float64)}) AS edge,
    count() AS calls
FROM events
WHERE project_id = {project:UUID}
    AND timestamp >= {since_0:DateTime64(3, 'UTC')}
    AND timestamp < {until_0:DateTime64(3, 'UTC')}
    AND toDate(timestamp) >= {first_day_0:Date}
    AND toDate(timestamp) <= {last_day_0:Date}
    AND kind = 'REQUEST'
    AND duration_ms IS NOT NULL
    AND endpoint IN {filter_0:Array(String)}
GROUP BY by_start, edge
ORDER BY by_start, edge

-- edges = (0.0, 10.0, 100.0)
-- filter_0 = ['/users/:id']
-- first_day_0 = 2026-02-08
-- last_day_0 = 2026-03-10
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-02-08T14:37:12.345Z
-- starts = (0, 3600000, 7200000)
-- until_0 = 2026-03-10T14:37:12.345Z
