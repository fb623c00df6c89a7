SELECT
    0 AS period,
    count() AS events
FROM events
WHERE project_id = {project:UUID}
    AND timestamp >= {since_0:DateTime64(3, 'UTC')}
    AND timestamp < {until_0:DateTime64(3, 'UTC')}
    AND toDate(timestamp) = {first_day_0:Date}
    AND (country IN {filter_0_0:Array(String)} OR (JSONExtractString(properties, {filter_0_1_0_key:String}) IN {filter_0_1_0:Array(String)} AND ifNull(toFloat64OrNull(JSONExtractString(properties, {filter_0_1_1_key:String})) > {filter_0_1_1_number:Float64}, 0)))
    AND (person != 0 AND person IN (
        SELECT
            person
        FROM events
        WHERE project_id = {project:UUID}
            AND timestamp >= {since_filter_1:DateTime64(3, 'UTC')}
            AND timestamp < {until_filter_1:DateTime64(3, 'UTC')}
            AND toDate(timestamp) >= {first_day_filter_1:Date}
            AND toDate(timestamp) <= {last_day_filter_1:Date}
            AND person != 0
            AND name IN {filter_1_0:Array(String)}
            AND JSONExtractString(properties, {filter_1_1_key:String}) IN {filter_1_1:Array(String)}
    ))
    AND (person != 0 AND person NOT IN (
        SELECT
            person
        FROM events
        WHERE project_id = {project:UUID}
            AND timestamp >= {since_filter_2:DateTime64(3, 'UTC')}
            AND timestamp < {until_filter_2:DateTime64(3, 'UTC')}
            AND toDate(timestamp) >= {first_day_filter_2:Date}
            AND toDate(timestamp) <= {last_day_filter_2:Date}
            AND person != 0
            AND name IN {filter_2_0:Array(String)}
        GROUP BY person
        HAVING count() >= {filter_2_times:UInt32}
    ))

-- filter_0_0 = ['DE']
-- filter_0_1_0 = ['pro']
-- filter_0_1_0_key = plan
-- filter_0_1_1_key = seats
-- filter_0_1_1_number = 3.0
-- filter_1_0 = ['signup']
-- filter_1_1 = ['pro']
-- filter_1_1_key = plan
-- filter_2_0 = ['order']
-- filter_2_times = 3
-- first_day_0 = 2026-03-10
-- first_day_filter_1 = 2026-03-10
-- first_day_filter_2 = 2026-02-08
-- last_day_filter_1 = 2026-03-10
-- last_day_filter_2 = 2026-03-10
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-03-10T13:37:12.345Z
-- since_filter_1 = 2026-03-10T13:37:12.345Z
-- since_filter_2 = 2026-02-08T14:37:12.345Z
-- until_0 = 2026-03-10T14:37:12.345Z
-- until_filter_1 = 2026-03-10T14:37:12.345Z
-- until_filter_2 = 2026-03-10T14:37:12.345Z
