SELECT
    fingerprint,
    argMax(name, id) AS name,
    argMax(message, id) AS message,
    argMax(environment, id) AS environment
FROM events
WHERE project_id = {project_id:UUID}
    -- The table lies in order of days: said by the time alone, the moments would cut nothing off.
    AND toDate(timestamp) IN {days:Array(Date)}
    AND toUnixTimestamp64Milli(timestamp) IN {moments:Array(Int64)}
    AND is_error
    AND fingerprint IN {fingerprints:Array(String)}
GROUP BY fingerprint, timestamp
ORDER BY timestamp
