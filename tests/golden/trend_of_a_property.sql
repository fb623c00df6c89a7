SELECT
    roundDown(toInt64(toUnixTimestamp(slot)) * 1000, {starts:Array(Int64)}) AS start,
    grouping(start) AS whole,
    sum(sum) AS sum,
    avgMerge(avg) AS avg,
    min(min) AS min,
    max(max) AS max,
    quantileExactInclusiveMerge(0.95)(p95) AS p95
FROM (
    SELECT
        toStartOfHour(timestamp) AS slot,
        sum(ifNull(if(isFinite(toFloat64OrNull(JSONExtractString(properties, {measured:String}))), toFloat64OrNull(JSONExtractString(properties, {measured:String})), NULL), 0)) AS sum,
        avgState(if(isFinite(toFloat64OrNull(JSONExtractString(properties, {measured:String}))), toFloat64OrNull(JSONExtractString(properties, {measured:String})), NULL)) AS avg,
        min(if(isFinite(toFloat64OrNull(JSONExtractString(properties, {measured:String}))), toFloat64OrNull(JSONExtractString(properties, {measured:String})), NULL)) AS min,
        max(if(isFinite(toFloat64OrNull(JSONExtractString(properties, {measured:String}))), toFloat64OrNull(JSONExtractString(properties, {measured:String})), NULL)) AS max,
        quantileExactInclusiveState(0.95)(if(isFinite(toFloat64OrNull(JSONExtractString(properties, {measured:String}))), toFloat64OrNull(JSONExtractString(properties, {measured:String})), NULL)) AS p95
    FROM events
    WHERE project_id = {project:UUID}
        AND timestamp >= {since_0:DateTime64(3, 'UTC')}
        AND timestamp < {until_0:DateTime64(3, 'UTC')}
        AND toDate(timestamp) = {first_day_0:Date}
        AND NOT has({without:Array(Int64)}, roundDown(toInt64(toUnixTimestamp(toStartOfHour(timestamp))) * 1000, {starts:Array(Int64)}) * 1024 + 0)
    GROUP BY slot
)
GROUP BY GROUPING SETS ((start), ())
HAVING count() > 0
ORDER BY start

-- first_day_0 = 2026-03-10
-- measured = size
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-03-10T13:37:12.345Z
-- starts = (1773147600000, 1773151200000)
-- until_0 = 2026-03-10T14:37:12.345Z
-- without = (1815706828800000,)
