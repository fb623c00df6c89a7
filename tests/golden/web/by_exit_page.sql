SELECT
    ifNull(nullIf(toString(told), ''), '(not set)') AS label,
    sum(views) AS views,
    groupBitmapIf(visitor, visitor != 0) AS visitors,
    count() AS sessions,
    countIf(events = 1) AS bounces,
    sum(last - first) AS milliseconds
FROM (
    SELECT
        countIf(kind = 'PAGE_VIEW') AS views,
        count() AS events,
        min(toUnixTimestamp64Milli(timestamp)) AS first,
        max(toUnixTimestamp64Milli(timestamp)) AS last,
        min(if(person = 0, 4294967295, person)) AS known,
        if(known = 4294967295, 0, known) AS visitor,
        substring(maxIf(concat(reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Milli(timestamp)))), page), kind = 'PAGE_VIEW'), 9) AS told
    FROM events
    WHERE project_id = {project:UUID}
        AND timestamp >= {since_0:DateTime64(3, 'UTC')}
        AND timestamp < {until_0:DateTime64(3, 'UTC')}
        AND toDate(timestamp) >= {first_day_0:Date}
        AND toDate(timestamp) <= {last_day_0:Date}
        AND session != 0
        AND bot IN {filter_0:Array(UInt8)}
    GROUP BY session
    HAVING views > 0
)
GROUP BY label
ORDER BY sessions DESC, label
LIMIT {limit:UInt32}

-- filter_0 = [0]
-- first_day_0 = 2026-02-08
-- last_day_0 = 2026-03-10
-- limit = 10
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-02-08T14:37:12.345Z
-- until_0 = 2026-03-10T14:37:12.345Z
