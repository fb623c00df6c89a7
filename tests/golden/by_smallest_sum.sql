SELECT
    ifNull(nullIf(name, ''), '(not set)') AS label_0,
    sum(ifNull(if(isFinite(toFloat64OrNull(JSONExtractString(properties, {measured:String}))), toFloat64OrNull(JSONExtractString(properties, {measured:String})), NULL), 0)) AS sum
FROM events
WHERE project_id = {project:UUID}
    AND timestamp >= {since_0:DateTime64(3, 'UTC')}
    AND timestamp < {until_0:DateTime64(3, 'UTC')}
    AND toDate(timestamp) = {first_day_0:Date}
GROUP BY label_0
ORDER BY sum ASC NULLS LAST, label_0
LIMIT {limit:UInt32}

-- first_day_0 = 2026-03-10
-- limit = 50
-- measured = size
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-03-10T13:37:12.345Z
-- until_0 = 2026-03-10T14:37:12.345Z
