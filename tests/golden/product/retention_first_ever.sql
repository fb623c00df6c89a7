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
                period,
                persons AS began,
                bitmapBuild(emptyArrayUInt32()) AS came
            FROM (
                SELECT
                    if(timestamp < {since:DateTime64(3, 'UTC')}, -1, roundDown(toUnixTimestamp64Milli(timestamp), {starts:Array(Int64)})) AS period,
                    groupBitmapState(person) AS persons
                FROM events
                WHERE project_id = {project:UUID}
                    AND timestamp >= {since_start:DateTime64(3, 'UTC')}
                    AND timestamp < {until_start:DateTime64(3, 'UTC')}
                    AND toDate(timestamp) >= {first_day_start:Date}
                    AND toDate(timestamp) <= {last_day_start:Date}
                    AND JSONExtractString(properties, {filter_0_key:String}) IN {filter_0:Array(String)}
                    AND person != 0
                    AND name IN {start_event_0:Array(String)}
                GROUP BY period
            )
            UNION ALL
            SELECT
                period,
                bitmapBuild(emptyArrayUInt32()) AS began,
                persons AS came
            FROM (
                SELECT
                    roundDown(toUnixTimestamp64Milli(timestamp), {starts:Array(Int64)}) AS period,
                    groupBitmapState(person) AS persons
                FROM events
                WHERE project_id = {project:UUID}
                    AND timestamp >= {since_return:DateTime64(3, 'UTC')}
                    AND timestamp < {until_return:DateTime64(3, 'UTC')}
                    AND toDate(timestamp) >= {first_day_return:Date}
                    AND toDate(timestamp) <= {last_day_return:Date}
                    AND JSONExtractString(properties, {filter_0_key:String}) IN {filter_0:Array(String)}
                    AND person != 0
                    AND name IN {return_event_0:Array(String)}
                GROUP BY period
            )
        )
        GROUP BY period
    )
)
ORDER BY period

-- filter_0 = ['pro']
-- filter_0_key = plan
-- first_day_return = 2026-02-08
-- first_day_start = 1970-01-01
-- last_day_return = 2026-03-10
-- last_day_start = 2026-03-10
-- project = 01970000-0000-7000-8000-00000000000a
-- return_event_0 = ['open']
-- since = 2026-02-08T14:37:13.000Z
-- since_return = 2026-02-08T14:37:13.000Z
-- since_start = 1970-01-01T00:00:00.000Z
-- start_event_0 = ['open']
-- starts = (1769900400000, 1772319600000)
-- until_return = 2026-03-10T14:37:13.000Z
-- until_start = 2026-03-10T14:37:13.000Z
