SELECT max(number) AS number
FROM persons
WHERE project_id = {project_id:UUID}
