SELECT
    period,
    bitmapCardinality(fresh) AS size,
    bitmapCardinality(fresh) AS fresh_size,
    arraySort(arrayMap(r -> (r.1, bitmapAndCardinality(fresh, r.2)), arrayFilter(r -> r.1 >= period, groupArray((period, back)) OVER ()))) AS cells
FROM (
    SELECT
        period,
        began,
        bitmapAndnot(began, groupBitmapMergeState(began) OVER (ORDER BY period ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS fresh,
        came AS back
    FROM (
        SELECT
            period,
            groupBitmapMergeState(began) AS began,
            groupBitmapMergeState(came) AS came
        FROM (
            SELECT
                bucket AS period,
                persons AS began,
                bitmapBuild(emptyArrayUInt32()) AS came
            FROM (
                SELECT
                    bucket,
                    CAST(groupBitmapIfMergeState(users) AS AggregateFunction(groupBitmap, UInt32)) AS persons
                FROM (
                    SELECT
                        if(toUnixTimestamp64Milli(timestamp) < {since:Int64}, -1, roundDown(toUnixTimestamp64Milli(timestamp), {starts:Array(Int64)})) AS bucket,
                        groupBitmapIfState(person, person != 0) AS users
                    FROM events
                    WHERE project_id = {project:UUID}
                        AND timestamp >= {since_0:DateTime64(3, 'UTC')}
                        AND timestamp < {until_3:DateTime64(3, 'UTC')}
                        AND toDate(timestamp) >= {first_day_0:Date}
                        AND toDate(timestamp) <= {last_day_3:Date}
                        AND JSONExtractString(properties, {start_0_key:String}) IN {start_0:Array(String)}
                        AND name IN {start_1:Array(String)}
                    GROUP BY bucket
                )
                GROUP BY bucket
            )
            UNION ALL
            SELECT
                bucket AS period,
                bitmapBuild(emptyArrayUInt32()) AS began,
                persons AS came
            FROM (
                SELECT
                    bucket,
                    CAST(groupBitmapIfMergeState(users) AS AggregateFunction(groupBitmap, UInt32)) AS persons
                FROM (
                    SELECT
                        roundDown(toUnixTimestamp64Milli(timestamp), {starts:Array(Int64)}) AS bucket,
                        groupBitmapIfState(person, person != 0) AS users
                    FROM events
                    WHERE project_id = {project:UUID}
                        AND timestamp >= {since_1000:DateTime64(3, 'UTC')}
                        AND timestamp < {until_1001:DateTime64(3, 'UTC')}
                        AND toDate(timestamp) >= {first_day_1000:Date}
                        AND toDate(timestamp) <= {last_day_1001:Date}
                        AND JSONExtractString(properties, {return_0_key:String}) IN {return_0:Array(String)}
                        AND name IN {return_1:Array(String)}
                    GROUP BY bucket
                )
                GROUP BY bucket
            )
        )
        GROUP BY period
    )
)
ORDER BY period

-- first_day_0 = 1970-01-01
-- first_day_1000 = 2026-02-08
-- last_day_1001 = 2026-03-10
-- last_day_3 = 2026-03-10
-- project = 01970000-0000-7000-8000-00000000000a
-- return_0 = ['pro']
-- return_0_key = plan
-- return_1 = ['open']
-- since = 1770561433000
-- since_0 = 1970-01-01T00:00:00.000Z
-- since_1000 = 2026-02-08T14:37:13.000Z
-- start_0 = ['pro']
-- start_0_key = plan
-- start_1 = ['open']
-- starts = (1769900400000, 1772319600000)
-- until_1001 = 2026-03-10T14:37:13.000Z
-- until_3 = 2026-03-10T14:37:13.000Z
