ALTER TABLE sessions DELETE WHERE project_id IN {projects:Array(UUID)}
