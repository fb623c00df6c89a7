ALTER TABLE persons
    DELETE WHERE project_id = {project_id:UUID} AND number IN {persons:Array(UInt32)} AND key != ''
