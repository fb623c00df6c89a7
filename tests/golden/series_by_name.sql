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
                start,
                sum(events) AS events
            FROM (
                SELECT
                    ifNull(nullIf(name, ''), '(not set)') AS label_0,
                    roundDown(toInt64(toUnixTimestamp(toStartOfFifteenMinutes(timestamp))) * 1000, {starts:Array(Int64)}) AS start,
                    count() AS events
                FROM events
                WHERE project_id = {project:UUID}
                    AND timestamp >= {since_0:DateTime64(3, 'UTC')}
                    AND timestamp < {until_2:DateTime64(3, 'UTC')}
                    AND toDate(timestamp) IN {days_0:Array(Date)}
                    AND (timestamp < {until_0:DateTime64(3, 'UTC')} OR timestamp >= {since_2:DateTime64(3, 'UTC')})
                GROUP BY label_0, start
                UNION ALL
                SELECT
                    ifNull(nullIf(name, ''), '(not set)') AS label_0,
                    roundDown(toInt64(toUnixTimestamp(toStartOfFifteenMinutes(timestamp))) * 1000, {starts:Array(Int64)}) AS start,
                    count() AS events
                FROM events
                WHERE project_id = {project:UUID}
                    AND toStartOfFifteenMinutes(timestamp) >= {since_1:DateTime('UTC')}
                    AND toStartOfFifteenMinutes(timestamp) < {until_1:DateTime('UTC')}
                GROUP BY label_0, start
            )
            GROUP BY label_0, start
        )
        GROUP BY label_0
    )
)
ARRAY JOIN points AS point
GROUP BY rank, start
ORDER BY rank, start

-- days_0 = ['2026-02-08', '2026-03-10']
-- limit = 10
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-02-08T14:37:12.345Z
-- since_1 = 2026-02-08 14:45:00
-- since_2 = 2026-03-10T14:30:00.000Z
-- starts = (1770508800000, 1770595200000, 1770681600000, 1770768000000, 1770854400000, 1770940800000, 1771027200000, 1771113600000, 1771200000000, 1771286400000, 1771372800000, 1771459200000, 1771545600000, 1771632000000, 1771718400000, 1771804800000, 1771891200000, 1771977600000, 1772064000000, 1772150400000, 1772236800000, 1772323200000, 1772409600000, 1772496000000, 1772582400000, 1772668800000, 1772755200000, 1772841600000, 1772928000000, 1773014400000, 1773100800000)
-- until_0 = 2026-02-08T14:45:00.000Z
-- until_1 = 2026-03-10 14:30:00
-- until_2 = 2026-03-10T14:37:12.345Z
