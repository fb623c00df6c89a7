SELECT
    groupBitmapIf(person, person != 0 AND kind = 'PAGE_VIEW') AS visitors
FROM events
WHERE project_id = {project:UUID}
    AND timestamp >= {since_0:DateTime64(3, 'UTC')}
    AND timestamp < {until_0:DateTime64(3, 'UTC')}
    AND toDate(timestamp) >= {first_day_0:Date}
    AND toDate(timestamp) <= {last_day_0:Date}
    AND (kind = 'PAGE_VIEW')
    AND bot IN {filter_0:Array(UInt8)}

-- filter_0 = [0]
-- first_day_0 = 2026-02-08
-- last_day_0 = 2026-03-10
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-02-08T14:37:12.345Z
-- until_0 = 2026-03-10T14:37:12.345Z
