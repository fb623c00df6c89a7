ALTER TABLE events DELETE WHERE project_id = {project_id:UUID} AND person IN {persons:Array(UInt32)}
