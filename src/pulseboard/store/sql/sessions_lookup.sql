SELECT key, min(number) AS number
FROM sessions
WHERE project_id = {project_id:UUID} AND key IN {keys:Array(String)}
GROUP BY key
