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
                        AND ((timestamp >= {since_0:DateTime64(3, 'UTC')} AND timestamp < {until_1:DateTime64(3, 'UTC')} AND toDate(timestamp) = {first_day_0:Date})
                            OR (timestamp >= {since_3:DateTime64(3, 'UTC')} AND timestamp < {until_4:DateTime64(3, 'UTC')} AND toDate(timestamp) = {first_day_3:Date})
                            OR (timestamp >= {since_6:DateTime64(3, 'UTC')} AND timestamp < {until_7:DateTime64(3, 'UTC')} AND toDate(timestamp) = {first_day_6:Date})
                            OR (timestamp >= {since_9:DateTime64(3, 'UTC')} AND timestamp < {until_10:DateTime64(3, 'UTC')} AND toDate(timestamp) = {first_day_9:Date})
                            OR (timestamp >= {since_12:DateTime64(3, 'UTC')} AND timestamp < {until_13:DateTime64(3, 'UTC')} AND toDate(timestamp) = {first_day_12:Date})
                            OR (timestamp >= {since_15:DateTime64(3, 'UTC')} AND timestamp < {until_15:DateTime64(3, 'UTC')} AND toDate(timestamp) = {first_day_15:Date}))
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
                        AND ((timestamp >= {since_1000:DateTime64(3, 'UTC')} AND timestamp < {until_1001:DateTime64(3, 'UTC')} AND toDate(timestamp) = {first_day_1000:Date})
                            OR (timestamp >= {since_1003:DateTime64(3, 'UTC')} AND timestamp < {until_1004:DateTime64(3, 'UTC')} AND toDate(timestamp) = {first_day_1003:Date})
                            OR (timestamp >= {since_1006:DateTime64(3, 'UTC')} AND timestamp < {until_1007:DateTime64(3, 'UTC')} AND toDate(timestamp) = {first_day_1006:Date})
                            OR (timestamp >= {since_1009:DateTime64(3, 'UTC')} AND timestamp < {until_1010:DateTime64(3, 'UTC')} AND toDate(timestamp) = {first_day_1009:Date})
                            OR (timestamp >= {since_1012:DateTime64(3, 'UTC')} AND timestamp < {until_1013:DateTime64(3, 'UTC')} AND toDate(timestamp) = {first_day_1012:Date})
                            OR (timestamp >= {since_1015:DateTime64(3, 'UTC')} AND timestamp < {until_1015:DateTime64(3, 'UTC')} AND toDate(timestamp) = {first_day_1015:Date}))
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

-- first_day_0 = 2026-02-08
-- first_day_1000 = 2026-02-08
-- first_day_1003 = 2026-02-15
-- first_day_1006 = 2026-02-22
-- first_day_1009 = 2026-03-01
-- first_day_1012 = 2026-03-08
-- first_day_1015 = 2026-03-10
-- first_day_12 = 2026-03-08
-- first_day_15 = 2026-03-10
-- first_day_3 = 2026-02-15
-- first_day_6 = 2026-02-22
-- first_day_9 = 2026-03-01
-- project = 01970000-0000-7000-8000-00000000000a
-- return_0 = ['buy']
-- since_0 = 2026-02-08T14:37:13.000Z
-- since_1000 = 2026-02-08T14:37:13.000Z
-- since_1002 = 2026-02-09
-- since_1003 = 2026-02-15T00:00:00.000Z
-- since_1005 = 2026-02-16
-- since_1006 = 2026-02-22T00:00:00.000Z
-- since_1008 = 2026-02-23
-- since_1009 = 2026-03-01T00:00:00.000Z
-- since_1011 = 2026-03-02
-- since_1012 = 2026-03-08T00:00:00.000Z
-- since_1014 = 2026-03-09
-- since_1015 = 2026-03-10T00:00:00.000Z
-- since_11 = 2026-03-02
-- since_12 = 2026-03-08T00:00:00.000Z
-- since_14 = 2026-03-09
-- since_15 = 2026-03-10T00:00:00.000Z
-- since_2 = 2026-02-09
-- since_3 = 2026-02-15T00:00:00.000Z
-- since_5 = 2026-02-16
-- since_6 = 2026-02-22T00:00:00.000Z
-- since_8 = 2026-02-23
-- since_9 = 2026-03-01T00:00:00.000Z
-- start_0 = ['open']
-- starts = (1769986800000, 1770591600000, 1771196400000, 1771801200000, 1772406000000, 1773010800000)
-- until_1 = 2026-02-09T00:00:00.000Z
-- until_10 = 2026-03-02T00:00:00.000Z
-- until_1001 = 2026-02-09T00:00:00.000Z
-- until_1002 = 2026-02-15
-- until_1004 = 2026-02-16T00:00:00.000Z
-- until_1005 = 2026-02-22
-- until_1007 = 2026-02-23T00:00:00.000Z
-- until_1008 = 2026-03-01
-- until_1010 = 2026-03-02T00:00:00.000Z
-- until_1011 = 2026-03-08
-- until_1013 = 2026-03-09T00:00:00.000Z
-- until_1014 = 2026-03-10
-- until_1015 = 2026-03-10T14:37:13.000Z
-- until_11 = 2026-03-08
-- until_13 = 2026-03-09T00:00:00.000Z
-- until_14 = 2026-03-10
-- until_15 = 2026-03-10T14:37:13.000Z
-- until_2 = 2026-02-15
-- until_4 = 2026-02-16T00:00:00.000Z
-- until_5 = 2026-02-22
-- until_7 = 2026-02-23T00:00:00.000Z
-- until_8 = 2026-03-01
