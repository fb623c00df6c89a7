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
    countIf(level >= 3) AS users_3,
    quantileExactInclusiveIf(0.5)(took_2, level >= 2) AS median_2,
    quantileExactInclusiveIf(0.5)(took_3, level >= 3) AS median_3,
    quantileExactInclusiveIf(0.5)(converted, level >= 3) AS converted_median,
    sumMapIf([roundDown(intDiv(converted, 1000), [0, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 43200, 86400, 172800, 604800, 1209600, 2592000])], [1], level >= 3) AS bins
FROM (
    SELECT
        *,
        (first_1 > 0) + (first_2 > 0) + (first_3 > 0) AS level,
        at[first_3] - begun_3[first_3] AS converted
    FROM (
        SELECT
            *,
            at[first_3] - seen_2[first_3] AS took_3
        FROM (
            SELECT
                *,
                arrayMap((t, r, b2) -> if(bitTest(r, 2), b2, -4611686018427387904), at, link, before_2) AS begun_3,
                arrayFirstIndex((t, b) -> t - b <= {window:Int64}, at, begun_3) AS first_3,
                arrayFill(b -> b > -4611686018427387904, begun_3) AS before_3,
                arrayFill(t -> t > -4611686018427387904, arrayMap((t, b) -> if(b > -4611686018427387904, t, -4611686018427387904), at, begun_3)) AS seen_3
            FROM (
                SELECT
                    *,
                    at[first_2] - seen_1[first_2] AS took_2
                FROM (
                    SELECT
                        *,
                        arrayMap((t, r, b1) -> if(bitTest(r, 1), b1, -4611686018427387904), at, link, before_1) AS begun_2,
                        arrayFirstIndex((t, b) -> t - b <= {window:Int64}, at, begun_2) AS first_2,
                        arrayFill(b -> b > -4611686018427387904, begun_2) AS before_2,
                        arrayFill(t -> t > -4611686018427387904, arrayMap((t, b) -> if(b > -4611686018427387904, t, -4611686018427387904), at, begun_2)) AS seen_2
                    FROM (
                        SELECT
                            *,
                            arrayMap((t, r) -> if(bitTest(r, 0), t, -4611686018427387904), at, link) AS begun_1,
                            arrayFirstIndex((t, b) -> t - b <= {window:Int64}, at, begun_1) AS first_1,
                            arrayFill(b -> b > -4611686018427387904, begun_1) AS before_1,
                            arrayFill(t -> t > -4611686018427387904, arrayMap((t, b) -> if(b > -4611686018427387904, t, -4611686018427387904), at, begun_1)) AS seen_1
                        FROM (
                            SELECT
                                who,
                                arrayMap(m -> intDiv(m, 1024), marks) AS at,
                                arrayMap(m -> toUInt64(m % 1024), marks) AS link
                            FROM (
                                SELECT
                                    person AS who,
                                    arraySort(groupArray(toUnixTimestamp64Milli(timestamp) * 1024 + toInt64(1 * (name IN {step_0_0:Array(String)}) + 2 * (name IN {step_1_0:Array(String)} AND JSONExtractString(properties, {step_1_1_key:String}) IN {step_1_1:Array(String)}) + 4 * (name IN {step_2_0:Array(String)})))) AS marks
                                FROM events
                                WHERE project_id = {project:UUID}
                                    AND timestamp >= {since_0:DateTime64(3, 'UTC')}
                                    AND timestamp < {until_0:DateTime64(3, 'UTC')}
                                    AND toDate(timestamp) >= {first_day_0:Date}
                                    AND toDate(timestamp) <= {last_day_0:Date}
                                    AND person != 0
                                    AND ((name IN {step_0_0:Array(String)}) OR (name IN {step_1_0:Array(String)} AND JSONExtractString(properties, {step_1_1_key:String}) IN {step_1_1:Array(String)}) OR (name IN {step_2_0:Array(String)}))
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
-- step_2_0 = ['purchase']
-- until_0 = 2026-03-10T14:37:13.000Z
-- until_2 = 2026-03-10
-- until_3 = 2026-03-10T14:37:13.000Z
-- window = 604800000
