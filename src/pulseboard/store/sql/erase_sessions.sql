ALTER TABLE sessions DELETE WHERE project_id = {project_id:UUID} AND key IN {keys:Array(String)}
