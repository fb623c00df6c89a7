SELECT
    greatest(countIf(level >= 1), (
        SELECT
            sum(bitmapCardinality(persons))
        FROM (
            SELECT
                bucket,
                CAST(groupBitmapIfMergeState(users) AS AggregateFunction(groupBitmap, UInt32)) AS persons
            FROM (
                SELECT
                    1 AS bucket,
                    groupBitmapIfState(person, person != 0) AS users
                FROM events
                WHERE project_id = {project:UUID}
                    AND timestamp >= {since_1:DateTime64(3, 'UTC')}
                    AND timestamp < {until_3:DateTime64(3, 'UTC')}
                    AND toDate(timestamp) IN {days_1:Array(Date)}
                    AND name IN {begun_0:Array(String)}
                GROUP BY bucket
                UNION ALL
                SELECT
                    1 AS bucket,
                    groupBitmapIfState(person, person != 0) AS users
                FROM events
                WHERE project_id = {project:UUID}
                    AND toDate(timestamp) >= {since_2:Date}
                    AND toDate(timestamp) < {until_2:Date}
                    AND name IN {begun_0:Array(String)}
                GROUP BY bucket
            )
            GROUP BY bucket
        )
    )) AS users_1,
    countIf(level >= 2) AS users_2,
    quantileExactInclusiveIf(0.5)(took_2, level >= 2) AS median_2,
    quantileExactInclusiveIf(0.5)(converted, level >= 2) AS converted_median,
    sumMapIf([roundDown(intDiv(converted, 1000), [0, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 43200, 86400, 172800, 604800, 1209600, 2592000])], [1], level >= 2) AS bins
FROM (
    SELECT
        *,
        (first_1 > 0) + (first_2 > 0) AS level,
        at[first_2] - begun_2[first_2] AS converted
    FROM (
        SELECT
            *,
            if(at[first_2] - if(bitTest(link[first_2], 2), at[first_2], -4611686018427387904) <= {window:Int64}, 0, at[first_2] - at[first_2 - 1]) AS took_2
        FROM (
            SELECT
                *,
                arrayMap((t, r, b1) -> greatest(if(bitTest(r, 2), t, -4611686018427387904), if(bitTest(r, 1), b1, -4611686018427387904)), at, link, before_1) AS begun_2,
                arrayFirstIndex((t, b) -> t - b <= {window:Int64}, at, begun_2) AS first_2,
                arrayPushFront(arrayPopBack(arrayMap((t, r, b1, s) -> greatest(if(bitTest(r, 1), b1, -4611686018427387904), if(bitTest(s, 2), t, -4611686018427387904)), at, whole, before_1, link)), -4611686018427387904) AS before_2
            FROM (
                SELECT
                    *,
                    arrayMap((t, r) -> if(bitTest(r, 0), t, -4611686018427387904), at, link) AS begun_1,
                    arrayFirstIndex((t, b) -> t - b <= {window:Int64}, at, begun_1) AS first_1,
                    arrayPushFront(arrayPopBack(arrayMap((t, r, s) -> if(bitTest(s, 0), t, -4611686018427387904), at, whole, link)), -4611686018427387904) AS before_1
                FROM (
                    SELECT
                        who,
                        arrayMap(m -> intDiv(m, 1024), marks) AS times,
                        arrayMap(m -> toUInt64(m % 1024), marks) AS masks,
                        arrayCompact(times) AS at,
                        if(length(at) = length(masks), masks, arrayMap(g -> if(length(g) = 1, g[1], arraySum(arrayMap((p, b) -> if(arrayExists(s -> bitAnd(s, p) = s, arrayFilter(s -> arrayCount(m -> bitAnd(m, s) != 0, g) < bitCount(s), [1, 2])), 0, toUInt64(b)), [1, 2, 3], [1, 2, 4]))), arraySplit((m, begins) -> begins, masks, arrayMap((t, before) -> t != before, times, arrayPushFront(arrayPopBack(times), -1))))) AS link,
                        if(length(at) = length(masks), masks, arrayMap(g -> if(length(g) = 1, g[1], arraySum((p, b) -> if(bitCount(p) = length(g), b, 0), [1, 2, 3], arrayMap((p, b) -> if(arrayExists(s -> bitAnd(s, p) = s, arrayFilter(s -> arrayCount(m -> bitAnd(m, s) != 0, g) < bitCount(s), [1, 2])), 0, toUInt64(b)), [1, 2, 3], [1, 2, 4]))), arraySplit((m, begins) -> begins, masks, arrayMap((t, before) -> t != before, times, arrayPushFront(arrayPopBack(times), -1))))) AS whole
                    FROM (
                        SELECT
                            person AS who,
                            arraySort(groupArray(toUnixTimestamp64Milli(timestamp) * 1024 + toInt64(1 * (name IN {step_0_0:Array(String)}) + 2 * (name IN {step_1_0:Array(String)} AND JSONExtractString(properties, {step_1_1_key:String}) IN {step_1_1:Array(String)})))) AS marks
                        FROM events
                        WHERE project_id = {project:UUID}
                            AND timestamp >= {since_0:DateTime64(3, 'UTC')}
                            AND timestamp < {until_0:DateTime64(3, 'UTC')}
                            AND toDate(timestamp) >= {first_day_0:Date}
                            AND toDate(timestamp) <= {last_day_0:Date}
                            AND person != 0
                            AND person IN (
                                SELECT
                                    person
                                FROM events
                                WHERE project_id = {project:UUID}
                                    AND timestamp >= {since_0:DateTime64(3, 'UTC')}
                                    AND timestamp < {until_0:DateTime64(3, 'UTC')}
                                    AND toDate(timestamp) >= {first_day_0:Date}
                                    AND toDate(timestamp) <= {last_day_0:Date}
                                    AND person != 0
                                    AND name IN {step_1_0:Array(String)} AND JSONExtractString(properties, {step_1_1_key:String}) IN {step_1_1:Array(String)}
                            )
                        GROUP BY who
                    )
                )
            )
        )
    )
)

-- begun_0 = ['visit']
-- days_1 = ['2026-02-08', '2026-03-10']
-- first_day_0 = 2026-02-08
-- last_day_0 = 2026-03-10
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-02-08T14:37:13.000Z
-- since_1 = 2026-02-08T14:37:13.000Z
-- since_2 = 2026-02-09
-- step_0_0 = ['visit']
-- step_1_0 = ['signup']
-- step_1_1 = ['pro']
-- step_1_1_key = plan
-- until_0 = 2026-03-10T14:37:13.000Z
-- until_2 = 2026-03-10
-- until_3 = 2026-03-10T14:37:13.000Z
-- window = 604800000
