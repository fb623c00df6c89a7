SELECT count() AS events FROM events WHERE project_id = {project_id:UUID}
