SELECT DISTINCT toInt64(toDate(timestamp)) AS day
FROM events
WHERE project_id = {project_id:UUID} AND person IN {persons:Array(UInt32)}
ORDER BY day
