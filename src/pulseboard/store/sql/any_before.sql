SELECT DISTINCT project_id
FROM events
WHERE project_id IN {projects:Array(UUID)} AND toDate(timestamp) < {before:Date}
