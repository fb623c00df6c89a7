INSERT INTO persons (project_id, key, number)
SELECT DISTINCT project_id, if(user_id != '', concat('u:', user_id), concat('a:', anonymous_id)), person
FROM events
WHERE project_id = {project_id:UUID}
