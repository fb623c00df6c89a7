SELECT
    person,
    session,
    toUnixTimestamp64Milli(min(timestamp)) AS first_ms,
    toUnixTimestamp64Milli(max(timestamp)) AS last_ms
FROM events
WHERE project_id = {project_id:UUID}
    AND timestamp >= {from:DateTime64(3, 'UTC')}
    AND timestamp < {to:DateTime64(3, 'UTC')}
    -- The table lies in order of days: said by the time alone, the range would cut nothing off a month.
    AND toDate(timestamp) >= toDate({from:DateTime64(3, 'UTC')})
    AND toDate(timestamp) <= toDate({to:DateTime64(3, 'UTC')})
    AND person IN {persons:Array(UInt32)}
    AND session != 0
    AND session_id = ''
GROUP BY person, session
ORDER BY person, first_ms
