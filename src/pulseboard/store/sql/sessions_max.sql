SELECT max(number) AS number
FROM
(
    SELECT max(session) AS number FROM events WHERE project_id = {project_id:UUID}
    UNION ALL
    SELECT max(number) AS number FROM sessions WHERE project_id = {project_id:UUID}
)
