SELECT
    {starts:Array(Int64)}[place] AS start,
    groupBitmapIfMerge(users) AS users
FROM (
    SELECT
        roundDown(toInt64(toUnixTimestamp(slot)) * 1000, {starts:Array(Int64)}) AS day,
        groupBitmapIfMergeState(users) AS users
    FROM (
        SELECT
            toStartOfFifteenMinutes(timestamp) AS slot,
            groupBitmapIfState(person, person != 0) AS users
        FROM events
        WHERE project_id = {project:UUID}
            AND timestamp >= {since_0:DateTime64(3, 'UTC')}
            AND timestamp < {until_0:DateTime64(3, 'UTC')}
            AND toDate(timestamp) >= {first_day_0:Date}
            AND toDate(timestamp) <= {last_day_0:Date}
        GROUP BY slot
    )
    GROUP BY day
)
ARRAY JOIN range(indexOf({starts:Array(Int64)}, day), least(indexOf({starts:Array(Int64)}, day) + {window:UInt32}, length({starts:Array(Int64)}) + 1)) AS place
GROUP BY start
ORDER BY start

-- first_day_0 = 2026-03-02
-- last_day_0 = 2026-03-11
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-03-02T04:00:00.000Z
-- starts = (1772388900000, 1772475300000, 1772561700000, 1772648100000, 1772734500000, 1772820900000, 1772907300000, 1772993700000, 1773080100000, 1773166500000)
-- until_0 = 2026-03-11T04:00:00.000Z
-- window = 7
