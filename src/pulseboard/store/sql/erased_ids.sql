SELECT id
FROM events
WHERE project_id = {project_id:UUID}
    AND toDate(timestamp) >= {from:Date}
    AND toDate(timestamp) <= {to:Date}
    AND person IN {persons:Array(UInt32)}
