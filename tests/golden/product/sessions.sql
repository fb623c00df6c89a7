SELECT
    grouping(start, entry, exit) AS part,
    start,
    ifNull(nullIf(concat(entry, exit), ''), '(not set)') AS page,
    countIf(visit) AS visits,
    count() AS sessions,
    countIf(events = 1) AS bounces,
    sum(events) AS hits,
    sum(took) AS time,
    quantileExactInclusive(0.5)(took) AS median
FROM (
    SELECT
        roundDown(begun, {starts:Array(Int64)}) AS start,
        took,
        events,
        substring(entered, 9) AS entry,
        substring(left, 9) AS exit,
        entered != '' AS visit
    FROM (
        SELECT
            min(toUnixTimestamp64Milli(timestamp)) AS begun,
            max(toUnixTimestamp64Milli(timestamp)) - begun AS took,
            count() AS events,
            minIf(concat(reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Milli(timestamp)))), page), kind = 'PAGE_VIEW') AS entered,
            maxIf(concat(reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Milli(timestamp)))), page), kind = 'PAGE_VIEW') AS left
        FROM events
        WHERE project_id = {project:UUID}
            AND timestamp >= {since_0:DateTime64(3, 'UTC')}
            AND timestamp < {until_0:DateTime64(3, 'UTC')}
            AND toDate(timestamp) >= {first_day_0:Date}
            AND toDate(timestamp) <= {last_day_0:Date}
            AND session != 0
            AND bot IN {filter_0:Array(UInt8)}
            AND JSONExtractString(properties, {filter_1_key:String}) IN {filter_1:Array(String)}
        GROUP BY session
    )
)
GROUP BY GROUPING SETS ((), (start), (entry), (exit))
ORDER BY part, visits DESC, page
LIMIT {limit:UInt32} BY part, start

-- filter_0 = [0]
-- filter_1 = ['pro']
-- filter_1_key = plan
-- first_day_0 = 2026-02-08
-- last_day_0 = 2026-03-10
-- limit = 10
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-02-08T14:37:13.000Z
-- starts = (1770505200000, 1770591600000, 1770678000000, 1770764400000, 1770850800000, 1770937200000, 1771023600000, 1771110000000, 1771196400000, 1771282800000, 1771369200000, 1771455600000, 1771542000000, 1771628400000, 1771714800000, 1771801200000, 1771887600000, 1771974000000, 1772060400000, 1772146800000, 1772233200000, 1772319600000, 1772406000000, 1772492400000, 1772578800000, 1772665200000, 1772751600000, 1772838000000, 1772924400000, 1773010800000, 1773097200000)
-- until_0 = 2026-03-10T14:37:13.000Z
