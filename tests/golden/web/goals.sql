SELECT
    groupBitmapIf(person, person != 0 AND kind = 'PAGE_VIEW') AS visitors,
    countIf(kind = 'PAGE_VIEW' AND path = {goal_0:String}) AS events_0,
    bitmapAndCardinality(groupBitmapStateIf(person, person != 0 AND kind = 'PAGE_VIEW'), groupBitmapStateIf(person, person != 0 AND kind = 'PAGE_VIEW' AND path = {goal_0:String})) AS visitors_0,
    countIf(kind = 'PAGE_VIEW' AND path LIKE {goal_1:String}) AS events_1,
    bitmapAndCardinality(groupBitmapStateIf(person, person != 0 AND kind = 'PAGE_VIEW'), groupBitmapStateIf(person, person != 0 AND kind = 'PAGE_VIEW' AND path LIKE {goal_1:String})) AS visitors_1,
    countIf(name = {goal_2:String}) AS events_2,
    bitmapAndCardinality(groupBitmapStateIf(person, person != 0 AND kind = 'PAGE_VIEW'), groupBitmapStateIf(person, person != 0 AND name = {goal_2:String})) AS visitors_2
FROM events
WHERE project_id = {project:UUID}
    AND timestamp >= {since_0:DateTime64(3, 'UTC')}
    AND timestamp < {until_0:DateTime64(3, 'UTC')}
    AND toDate(timestamp) >= {first_day_0:Date}
    AND toDate(timestamp) <= {last_day_0:Date}
    AND (kind = 'PAGE_VIEW'
        OR (kind = 'PAGE_VIEW' AND path = {goal_0:String})
        OR (kind = 'PAGE_VIEW' AND path LIKE {goal_1:String})
        OR (name = {goal_2:String}))
    AND bot IN {filter_0:Array(UInt8)}

-- filter_0 = [0]
-- first_day_0 = 2026-02-08
-- goal_0 = /thanks
-- goal_1 = /blog/%\_1
-- goal_2 = it's; DROP TABLE events
-- last_day_0 = 2026-03-10
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-02-08T14:37:12.345Z
-- until_0 = 2026-03-10T14:37:12.345Z
