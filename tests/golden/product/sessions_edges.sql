SELECT
    edge,
    page,
    count() AS sessions
FROM (
    SELECT
        array(substring(min(concat(reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Milli(timestamp)))), if(concat(host, path) = '', '(not set)', concat(host, path)))), 9), substring(max(concat(reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Milli(timestamp)))), if(concat(host, path) = '', '(not set)', concat(host, path)))), 9)) AS pages
    FROM events
    WHERE project_id = {project:UUID}
        AND timestamp >= {since_0:DateTime64(3, 'UTC')}
        AND timestamp < {until_0:DateTime64(3, 'UTC')}
        AND toDate(timestamp) >= {first_day_0:Date}
        AND toDate(timestamp) <= {last_day_0:Date}
        AND session != 0
        AND kind = 'PAGE_VIEW'
    GROUP BY session
)
ARRAY JOIN pages AS page, [1, 2] AS edge
GROUP BY edge, page
ORDER BY edge, sessions DESC, page
LIMIT {limit:UInt32} BY edge

-- first_day_0 = 2026-02-08
-- last_day_0 = 2026-03-10
-- limit = 10
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-02-08T14:37:13.000Z
-- until_0 = 2026-03-10T14:37:13.000Z
