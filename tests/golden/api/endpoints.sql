SELECT
    ifNull(nullIf(toString(method), ''), '(not set)') AS by_method,
    ifNull(nullIf(endpoint, ''), '(not set)') AS by_endpoint,
    count() AS calls,
    avg(duration_ms) AS average,
    quantilesExactInclusive(0.5, 0.9, 0.95, 0.99)(duration_ms) AS percentiles,
    countIf(status_code >= 400 AND status_code < 500) AS failed_4xx,
    countIf(status_code >= 500) AS failed_5xx,
    (countIf(status_code < 500 AND duration_ms <= {satisfied:Float64}) + countIf(status_code < 500 AND duration_ms > {satisfied:Float64} AND duration_ms <= {tolerated:Float64}) / 2) / countIf(status_code >= 500 OR duration_ms IS NOT NULL) AS apdex,
    toFloat64(calls) AS rank
FROM events
WHERE project_id = {project:UUID}
    AND timestamp >= {since_0:DateTime64(3, 'UTC')}
    AND timestamp < {until_0:DateTime64(3, 'UTC')}
    AND toDate(timestamp) >= {first_day_0:Date}
    AND toDate(timestamp) <= {last_day_0:Date}
    AND kind = 'REQUEST'
    AND endpoint IN {filter_0:Array(String)}
GROUP BY by_method, by_endpoint
ORDER BY rank DESC, by_method, by_endpoint
LIMIT {limit:UInt32}

-- filter_0 = ['/users/:id']
-- first_day_0 = 2026-02-08
-- last_day_0 = 2026-03-10
-- limit = 50
-- project = 01970000-0000-7000-8000-00000000000a
-- satisfied = 500
-- since_0 = 2026-02-08T14:37:12.345Z
-- tolerated = 2000
-- until_0 = 2026-03-10T14:37:12.345Z
