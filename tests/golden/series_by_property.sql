SELECT
    least(place, {limit:UInt32} + 1) AS rank,
    any(label_0) AS label_0,
    point.1 AS start,
    sum(point.2) AS events
FROM (
    SELECT
        label_0,
        points,
        row_number() OVER (ORDER BY total DESC, label_0) AS place
    FROM (
        SELECT
            label_0,
            sum(events) AS total,
            groupArray((start, events)) AS points
        FROM (
            SELECT
                label_0,
                roundDown(toInt64(slot) * 86400000, {starts:Array(Int64)}) AS start,
                sum(events) AS events
            FROM (
                SELECT
                    ifNull(nullIf(JSONExtractString(properties, {key_0:String}), ''), '(not set)') AS label_0,
                    toDate(timestamp) AS slot,
                    count() AS events
                FROM events
                WHERE project_id = {project:UUID}
                    AND timestamp >= {since_0:DateTime64(3, 'UTC')}
                    AND timestamp < {until_0:DateTime64(3, 'UTC')}
                    AND toDate(timestamp) >= {first_day_0:Date}
                    AND toDate(timestamp) <= {last_day_0:Date}
                GROUP BY label_0, slot
            )
            GROUP BY label_0, start
        )
        GROUP BY label_0
    )
)
ARRAY JOIN points AS point
GROUP BY rank, start
ORDER BY rank, start

-- first_day_0 = 2026-02-08
-- key_0 = it's
-- last_day_0 = 2026-03-10
-- limit = 3
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-02-08T14:37:12.345Z
-- starts = (1769904000000, 1772323200000)
-- until_0 = 2026-03-10T14:37:12.345Z
