SELECT
    count() AS events,
    groupBitmapIf(session, session != 0) AS sessions,
    sum(is_error) AS errors,
    toUnixTimestamp64Milli(min(timestamp)) AS first_ms,
    toUnixTimestamp64Milli(max(timestamp)) AS last_ms,
    argMaxIf((country, region, city), (timestamp, id), country != '') AS place,
    argMaxIf((browser, os, device), (timestamp, id), browser != '' OR os != '' OR device != '') AS device,
    argMaxIf(properties, (timestamp, id), kind = 'IDENTIFY') AS traits
FROM events
WHERE project_id = {project_id:UUID}
    AND timestamp >= {from:DateTime64(3, 'UTC')}
    AND person IN {persons:Array(UInt32)}
