SELECT
    if(grouping(start) = 1, 7, 3) AS part,
    start,
    count() AS sessions,
    countIf(events = 1) AS bounces,
    sum(events) AS hits,
    sum(took) AS time,
    quantileExactInclusive(0.5)(took) AS median
FROM (
    SELECT
        roundDown(begun, {starts:Array(Int64)}) AS start,
        took,
        events
    FROM (
        SELECT
            min(toUnixTimestamp64Milli(timestamp)) AS begun,
            max(toUnixTimestamp64Milli(timestamp)) - begun AS took,
            count() AS events
        FROM events
        WHERE project_id = {project:UUID}
            AND timestamp >= {since_0:DateTime64(3, 'UTC')}
            AND timestamp < {until_0:DateTime64(3, 'UTC')}
            AND toDate(timestamp) >= {first_day_0:Date}
            AND toDate(timestamp) <= {last_day_0:Date}
            AND session != 0
        GROUP BY session
    )
)
GROUP BY GROUPING SETS ((), (start))

-- first_day_0 = 2026-02-08
-- last_day_0 = 2026-03-10
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-02-08T14:37:13.000Z
-- starts = (1770505200000, 1770591600000, 1770678000000, 1770764400000, 1770850800000, 1770937200000, 1771023600000, 1771110000000, 1771196400000, 1771282800000, 1771369200000, 1771455600000, 1771542000000, 1771628400000, 1771714800000, 1771801200000, 1771887600000, 1771974000000, 1772060400000, 1772146800000, 1772233200000, 1772319600000, 1772406000000, 1772492400000, 1772578800000, 1772665200000, 1772751600000, 1772838000000, 1772924400000, 1773010800000, 1773097200000)
-- until_0 = 2026-03-10T14:37:13.000Z
