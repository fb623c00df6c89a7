SELECT
    least(place, {limit:UInt32} + 1) AS rank,
    any(label_0) AS label_0,
    any(label_1) AS label_1,
    point.1 AS start,
    sum(point.2) AS sum
FROM (
    SELECT
        label_0,
        label_1,
        points,
        row_number() OVER (ORDER BY total ASC NULLS LAST, label_0, label_1) AS place
    FROM (
        SELECT
            label_0,
            label_1,
            sum(sum) AS total,
            groupArray((start, sum)) AS points
        FROM (
            SELECT
                label_0,
                label_1,
                roundDown(toInt64(toUnixTimestamp(slot)) * 1000, {starts:Array(Int64)}) AS start,
                sum(sum) AS sum
            FROM (
                SELECT
                    ifNull(nullIf(name, ''), '(not set)') AS label_0,
                    ifNull(nullIf(JSONExtractString(properties, {key_1:String}), ''), '(not set)') AS label_1,
                    toStartOfHour(timestamp) AS slot,
                    sum(ifNull(if(isFinite(toFloat64OrNull(JSONExtractString(properties, {measured:String}))), toFloat64OrNull(JSONExtractString(properties, {measured:String})), NULL), 0)) AS sum
                FROM events
                WHERE project_id = {project:UUID}
                    AND timestamp >= {since_0:DateTime64(3, 'UTC')}
                    AND timestamp < {until_0:DateTime64(3, 'UTC')}
                    AND toDate(timestamp) = {first_day_0:Date}
                GROUP BY label_0, label_1, slot
            )
            GROUP BY label_0, label_1, start
        )
        GROUP BY label_0, label_1
    )
)
ARRAY JOIN points AS point
GROUP BY rank, start
ORDER BY rank, start

-- first_day_0 = 2026-03-10
-- key_1 = plan
-- limit = 2
-- measured = size
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-03-10T13:37:12.345Z
-- starts = (1773147600000, 1773151200000)
-- until_0 = 2026-03-10T14:37:12.345Z
