SELECT
    bitmapCardinality(chosen) AS total,
    bitmapToArray(bitmapSubsetLimit(chosen, {after:UInt32}, {limit:UInt32})) AS persons
FROM (
    SELECT
        bitmapAnd(bitmapAndnot(groupBitmapMergeState(if(period = {cohort:Int64}, began, bitmapBuild(emptyArrayUInt32()))), groupBitmapMergeState(if(period < {cohort:Int64}, began, bitmapBuild(emptyArrayUInt32())))), groupBitmapMergeState(if(period = {target:Int64}, came, bitmapBuild(emptyArrayUInt32())))) AS chosen
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
                    roundDown(toUnixTimestamp64Milli(timestamp), {starts:Array(Int64)}) AS period,
                    groupBitmapState(person) AS persons
                FROM events
                WHERE project_id = {project:UUID}
                    AND timestamp >= {since_start:DateTime64(3, 'UTC')}
                    AND timestamp < {until_start:DateTime64(3, 'UTC')}
                    AND toDate(timestamp) >= {first_day_start:Date}
                    AND toDate(timestamp) <= {last_day_start:Date}
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
                    AND person != 0
                    AND name IN {return_event_0:Array(String)}
                GROUP BY period
            )
        )
        GROUP BY period
    )
)

-- after = 42
-- cohort = 1771196400000
-- first_day_return = 2026-02-08
-- first_day_start = 2026-02-08
-- last_day_return = 2026-03-10
-- last_day_start = 2026-03-10
-- limit = 51
-- project = 01970000-0000-7000-8000-00000000000a
-- return_event_0 = ['buy']
-- since_return = 2026-02-08T14:37:13.000Z
-- since_start = 2026-02-08T14:37:13.000Z
-- start_event_0 = ['open']
-- starts = (1769986800000, 1770591600000, 1771196400000, 1771801200000, 1772406000000, 1773010800000)
-- target = 1772406000000
-- until_return = 2026-03-10T14:37:13.000Z
-- until_start = 2026-03-10T14:37:13.000Z
