SELECT
    max(counted) AS calls
FROM (
    SELECT
        ifNull(nullIf(toString(method), ''), '(not set)') AS by_method,
        ifNull(nullIf(endpoint, ''), '(not set)') AS by_endpoint,
        count() AS counted
    FROM events
    WHERE project_id = {project:UUID}
        AND timestamp >= {since_0:DateTime64(3, 'UTC')}
        AND timestamp < {until_0:DateTime64(3, 'UTC')}
        AND toDate(timestamp) >= {first_day_0:Date}
        AND toDate(timestamp) <= {last_day_0:Date}
        AND kind = 'REQUEST'
        AND endpoint IN {filter_0:Array(String)}
    GROUP BY by_method, by_endpoint
)

-- filter_0 = ['/users/:id']
-- first_day_0 = 2026-02-08
-- last_day_0 = 2026-03-10
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-02-08T14:37:12.345Z
-- until_0 = 2026-03-10T14:37:12.345Z
