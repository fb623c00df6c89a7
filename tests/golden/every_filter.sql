SELECT
    0 AS period,
    count() AS events
FROM events
WHERE project_id = {project:UUID}
    AND timestamp >= {since_0:DateTime64(3, 'UTC')}
    AND timestamp < {until_0:DateTime64(3, 'UTC')}
    AND toDate(timestamp) = {first_day_0:Date}
    AND country IN {filter_0:Array(String)}
    AND NOT ifNull(has({filter_1_number:Array(Float64)}, toFloat64(nullIf(status_code, 0))), 0)
    AND position(path, {filter_2:String}) > 0
    AND startsWith(path, {filter_3:String})
    AND (JSONExtractString(properties, {filter_4_key:String}) IN {filter_4:Array(String)} OR ifNull(has({filter_4_number:Array(Float64)}, toFloat64(toFloat64OrNull(JSONExtractString(properties, {filter_4_key:String})))), 0))
    AND JSONExtractString(properties, {filter_5_key:String}) NOT IN {filter_5:Array(String)}
    AND ifNull(toFloat64OrNull(JSONExtractString(properties, {filter_6_key:String})) > {filter_6_number:Float64}, 0)
    AND ifNull(duration_ms < {filter_7_number:Float64}, 0)
    AND JSONExtractString(properties, {filter_8_key:String}) != ''
    AND referrer = ''
    AND position(path, {filter_10:String}) = 0
    AND endsWith(path, {filter_11:String})
    AND match(path, {filter_12:String})
    AND ifNull(toFloat64OrNull(JSONExtractString(properties, {filter_13_key:String})) BETWEEN {filter_13_number:Array(Float64)}[1] AND {filter_13_number:Array(Float64)}[2], 0)
    AND ifNull(duration_ms >= {filter_14_number:Float64}, 0)
    AND ifNull(value <= {filter_15_number:Float64}, 0)

-- filter_0 = ['DE']
-- filter_10 = admin
-- filter_11 = .pdf
-- filter_12 = ^/[a-z]+$
-- filter_13_key = seats
-- filter_13_number = [1.0, 5.0]
-- filter_14_number = 3.0
-- filter_15_number = 9.0
-- filter_1_number = [404.0, 500.0]
-- filter_2 = it's
-- filter_3 = /api
-- filter_4 = ['pro', 'true']
-- filter_4_key = plan
-- filter_4_number = [3.0]
-- filter_5 = ['DE']
-- filter_5_key = country
-- filter_6_key = seats
-- filter_6_number = 2.5
-- filter_7_number = 300.0
-- filter_8_key = coupon
-- first_day_0 = 2026-03-10
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-03-10T13:37:12.345Z
-- until_0 = 2026-03-10T14:37:12.345Z
