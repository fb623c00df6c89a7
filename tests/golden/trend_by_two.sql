SELECT
    rank,
    roundDown(toInt64(toUnixTimestamp(slot)) * 1000, {starts:Array(Int64)}) AS start,
    grouping(start) AS whole,
    groupBitmapIfMerge(users) AS users
FROM (
    SELECT
        transform(concat(toString(length(ifNull(nullIf(name, ''), '(not set)'))), ':', ifNull(nullIf(name, ''), '(not set)'), toString(length(ifNull(nullIf(JSONExtractString(properties, {key_1:String}), ''), '(not set)'))), ':', ifNull(nullIf(JSONExtractString(properties, {key_1:String}), ''), '(not set)')), {labels:Array(String)}, {ranks:Array(UInt32)}, {rest:UInt32}) AS rank,
        toStartOfMinute(timestamp) AS slot,
        groupBitmapIfState(person, person != 0) AS users
    FROM events
    WHERE project_id = {project:UUID}
        AND timestamp >= {since_0:DateTime64(3, 'UTC')}
        AND timestamp < {until_0:DateTime64(3, 'UTC')}
        AND toDate(timestamp) = {first_day_0:Date}
    GROUP BY rank, slot
)
GROUP BY GROUPING SETS ((rank, start), (rank))
HAVING count() > 0
ORDER BY rank, start

-- first_day_0 = 2026-03-10
-- key_1 = plan
-- labels = ['6:signup3:pro', '5:visit9:(not set)']
-- project = 01970000-0000-7000-8000-00000000000a
-- ranks = [1, 2]
-- rest = 3
-- since_0 = 2026-03-10T13:37:12.345Z
-- starts = (1773149820000, 1773149880000, 1773149940000, 1773150000000, 1773150060000, 1773150120000, 1773150180000, 1773150240000, 1773150300000, 1773150360000, 1773150420000, 1773150480000, 1773150540000, 1773150600000, 1773150660000, 1773150720000, 1773150780000, 1773150840000, 1773150900000, 1773150960000, 1773151020000, 1773151080000, 1773151140000, 1773151200000, 1773151260000, 1773151320000, 1773151380000, 1773151440000, 1773151500000, 1773151560000, 1773151620000, 1773151680000, 1773151740000, 1773151800000, 1773151860000, 1773151920000, 1773151980000, 1773152040000, 1773152100000, 1773152160000, 1773152220000, 1773152280000, 1773152340000, 1773152400000, 1773152460000, 1773152520000, 1773152580000, 1773152640000, 1773152700000, 1773152760000, 1773152820000, 1773152880000, 1773152940000, 1773153000000, 1773153060000, 1773153120000, 1773153180000, 1773153240000, 1773153300000, 1773153360000, 1773153420000)
-- until_0 = 2026-03-10T14:37:12.345Z
