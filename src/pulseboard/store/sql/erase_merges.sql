ALTER TABLE person_merges
    DELETE WHERE project_id = {project_id:UUID} AND (gone IN {persons:Array(UInt32)} OR into IN {persons:Array(UInt32)})
