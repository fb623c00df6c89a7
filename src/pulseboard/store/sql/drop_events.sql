ALTER TABLE events DELETE WHERE project_id IN {projects:Array(UUID)}
