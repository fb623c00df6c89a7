SELECT
    person AS who,
    max(user_id) AS user,
    max(anonymous_id) AS anonymous,
    min(toUnixTimestamp64Milli(timestamp)) AS first_ms,
    max(toUnixTimestamp64Milli(timestamp)) AS last_ms
FROM events
WHERE project_id = {project:UUID}
    AND timestamp >= {since_0:DateTime64(3, 'UTC')}
    AND timestamp < {until_0:DateTime64(3, 'UTC')}
    AND toDate(timestamp) >= {first_day_0:Date}
    AND toDate(timestamp) <= {last_day_0:Date}
    AND bot IN {filter_0:Array(UInt8)}
    AND JSONExtractString(properties, {filter_1_key:String}) IN {filter_1:Array(String)}
    AND person IN {persons:Array(UInt32)}
GROUP BY who
ORDER BY who

-- filter_0 = [0]
-- filter_1 = ['pro']
-- filter_1_key = plan
-- first_day_0 = 2026-02-08
-- last_day_0 = 2026-03-10
-- persons = [7, 41]
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-02-08T14:37:13.000Z
-- until_0 = 2026-03-10T14:37:13.000Z
