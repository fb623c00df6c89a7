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
                        roundDown(toUnixTimestamp64Milli(timestamp), {starts:Array(Int64)}) AS bucket,
                        groupBitmapIfState(person, person != 0) AS users
                    FROM events
                    WHERE project_id = {project:UUID}
                        AND timestamp >= {since_0:DateTime64(3, 'UTC')}
                        AND timestamp < {until_15:DateTime64(3, 'UTC')}
                        AND toDate(timestamp) IN {days_0:Array(Date)}
                        AND name IN {start_0:Array(String)}
                    GROUP BY bucket
                    UNION ALL
                    SELECT
                        roundDown(toInt64(toDate(timestamp)) * 86400000, {starts:Array(Int64)}) AS bucket,
                        groupBitmapIfState(person, person != 0) AS users
                    FROM events
                    WHERE project_id = {project:UUID}
                        AND ((toDate(timestamp) >= {since_2:Date} AND toDate(timestamp) < {until_2:Date})
                            OR (toDate(timestamp) >= {since_5:Date} AND toDate(timestamp) < {until_5:Date})
                            OR (toDate(timestamp) >= {since_8:Date} AND toDate(timestamp) < {until_8:Date})
                            OR (toDate(timestamp) >= {since_11:Date} AND toDate(timestamp) < {until_11:Date})
                            OR (toDate(timestamp) >= {since_14:Date} AND toDate(timestamp) < {until_14:Date}))
                        AND name IN {start_0:Array(String)}
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
                        AND timestamp < {until_1015:DateTime64(3, 'UTC')}
                        AND toDate(timestamp) IN {days_1000:Array(Date)}
                        AND name IN {return_0:Array(String)}
                    GROUP BY bucket
                    UNION ALL
                    SELECT
                        roundDown(toInt64(toDate(timestamp)) * 86400000, {starts:Array(Int64)}) AS bucket,
                        groupBitmapIfState(person, person != 0) AS users
                    FROM events
                    WHERE project_id = {project:UUID}
                        AND ((toDate(timestamp) >= {since_1002:Date} AND toDate(timestamp) < {until_1002:Date})
                            OR (toDate(timestamp) >= {since_1005:Date} AND toDate(timestamp) < {until_1005:Date})
                            OR (toDate(timestamp) >= {since_1008:Date} AND toDate(timestamp) < {until_1008:Date})
                            OR (toDate(timestamp) >= {since_1011:Date} AND toDate(timestamp) < {until_1011:Date})
                            OR (toDate(timestamp) >= {since_1014:Date} AND toDate(timestamp) < {until_1014:Date}))
                        AND name IN {return_0:Array(String)}
                    GROUP BY bucket
                )
                GROUP BY bucket
            )
        )
        GROUP BY period
    )
)
ORDER BY period

-- days_0 = ['2026-02-08', '2026-02-15', '2026-02-22', '2026-03-01', '2026-03-08', '2026-03-10']
-- days_1000 = ['2026-02-08', '2026-02-15', '2026-02-22', '2026-03-01', '2026-03-08', '2026-03-10']
-- project = 01970000-0000-7000-8000-00000000000a
-- return_0 = ['buy']
-- since_0 = 2026-02-08T14:37:13.000Z
-- since_1000 = 2026-02-08T14:37:13.000Z
-- since_1002 = 2026-02-09
-- since_1005 = 2026-02-16
-- since_1008 = 2026-02-23
-- since_1011 = 2026-03-02
-- since_1014 = 2026-03-09
-- since_11 = 2026-03-02
-- since_14 = 2026-03-09
-- since_2 = 2026-02-09
-- since_5 = 2026-02-16
-- since_8 = 2026-02-23
-- start_0 = ['open']
-- starts = (1769986800000, 1770591600000, 1771196400000, 1771801200000, 1772406000000, 1773010800000)
-- until_1002 = 2026-02-15
-- until_1005 = 2026-02-22
-- until_1008 = 2026-03-01
-- until_1011 = 2026-03-08
-- until_1014 = 2026-03-10
-- until_1015 = 2026-03-10T14:37:13.000Z
-- until_11 = 2026-03-08
-- until_14 = 2026-03-10
-- until_15 = 2026-03-10T14:37:13.000Z
-- until_2 = 2026-02-15
-- until_5 = 2026-02-22
-- until_8 = 2026-03-01
