SELECT
    period,
    bitmapCardinality(began) AS size,
    bitmapCardinality(fresh) AS fresh_size,
    arraySort(arrayMap(r -> (r.1, bitmapAndCardinality(began, r.2)), arrayFilter(r -> r.1 >= period, groupArray((period, back)) OVER ()))) AS cells
FROM (
    SELECT
        period,
        began,
        bitmapAndnot(began, groupBitmapMergeState(began) OVER (ORDER BY period ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS fresh,
        groupBitmapMergeState(came) OVER (ORDER BY period DESC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS back
    FROM (
        SELECT
            bucket AS period,
            persons AS began,
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
                    AND timestamp >= {since_0:DateTime64(3, 'UTC')}
                    AND timestamp < {until_0:DateTime64(3, 'UTC')}
                    AND toDate(timestamp) >= {first_day_0:Date}
                    AND toDate(timestamp) <= {last_day_0:Date}
                    AND name IN {start_0:Array(String)}
                GROUP BY bucket
            )
            GROUP BY bucket
        )
    )
)
ORDER BY period

-- first_day_0 = 2026-02-08
-- last_day_0 = 2026-03-10
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-02-08T14:37:13.000Z
-- start_0 = ['open']
-- starts = (1770505200000, 1770591600000, 1770678000000, 1770764400000, 1770850800000, 1770937200000, 1771023600000, 1771110000000, 1771196400000, 1771282800000, 1771369200000, 1771455600000, 1771542000000, 1771628400000, 1771714800000, 1771801200000, 1771887600000, 1771974000000, 1772060400000, 1772146800000, 1772233200000, 1772319600000, 1772406000000, 1772492400000, 1772578800000, 1772665200000, 1772751600000, 1772838000000, 1772924400000, 1773010800000, 1773097200000)
-- until_0 = 2026-03-10T14:37:13.000Z
