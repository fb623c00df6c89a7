ALTER TABLE person_merges DELETE WHERE project_id IN {projects:Array(UUID)}
