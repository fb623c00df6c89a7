ALTER TABLE persons DELETE WHERE project_id IN {projects:Array(UUID)}
