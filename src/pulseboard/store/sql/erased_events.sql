SELECT count() AS events, groupBitmapIf(session, session != 0) AS sessions
FROM events
WHERE project_id = {project_id:UUID} AND person IN {persons:Array(UInt32)}
