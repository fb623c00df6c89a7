SELECT session_id AS key
FROM events
WHERE project_id = {project_id:UUID}
    AND session_id IN
    (
        SELECT session_id
        FROM events
        WHERE project_id = {project_id:UUID} AND person IN {persons:Array(UInt32)} AND session_id != ''
    )
GROUP BY key
-- Two people may share a session that an app names; it stays with the other one.
HAVING countIf(person NOT IN {persons:Array(UInt32)}) = 0
ORDER BY key
