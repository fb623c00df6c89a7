SELECT
    level,
    here,
    there,
    min(source) AS label,
    sum(m) AS n
FROM (
    SELECT
        level,
        source,
        any(n) AS m,
        sumIf(least(place, {limit:UInt32} + 1), end = 1) AS here,
        sumIf(least(place, {limit:UInt32} + 1), end = 2) AS there
    FROM (
        SELECT
            *,
            dense_rank() OVER (PARTITION BY at ORDER BY weight DESC, label) AS place
        FROM (
            SELECT
                *,
                sum(if(end = 1, n, 0)) OVER (PARTITION BY at, label) AS weight
            FROM (
                SELECT
                    level,
                    source,
                    target,
                    n,
                    end,
                    if(end = 1, source, target) AS label,
                    level + end - 1 AS at
                FROM (
                    SELECT
                        link.1 AS level,
                        link.2 AS source,
                        link.3 AS target,
                        count() AS n
                    FROM (
                        SELECT
                            arrayJoin(arrayMap(i -> (i - 1, walk[i], if(i < length(walk), walk[i + 1], '')), range(1, length(walk) + 1))) AS link
                        FROM (
                            SELECT
                                arraySlice(steps, 1, {length:UInt32}) AS walk
                            FROM (
                                SELECT
                                    arrayCompact(arrayMap(t -> substring(t, 9), arraySort(groupArray(concat(reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Milli(timestamp)))), ifNull(nullIf(page, ''), '(not set)')))))) AS steps
                                FROM events
                                WHERE project_id = {project:UUID}
                                    AND timestamp >= {since_0:DateTime64(3, 'UTC')}
                                    AND timestamp < {until_0:DateTime64(3, 'UTC')}
                                    AND toDate(timestamp) >= {first_day_0:Date}
                                    AND toDate(timestamp) <= {last_day_0:Date}
                                    AND session != 0
                                    AND kind = 'PAGE_VIEW'
                                    AND bot IN {filter_0:Array(UInt8)}
                                GROUP BY session
                            )
                        )
                    )
                    GROUP BY level, source, target
                )
                ARRAY JOIN [1, 2] AS end
                WHERE label != ''
            )
        )
    )
    GROUP BY level, source, target
)
GROUP BY level, here, there
ORDER BY level, here, there

-- filter_0 = [0]
-- first_day_0 = 2026-02-08
-- last_day_0 = 2026-03-10
-- length = 6
-- limit = 10
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-02-08T14:37:13.000Z
-- until_0 = 2026-03-10T14:37:13.000Z
