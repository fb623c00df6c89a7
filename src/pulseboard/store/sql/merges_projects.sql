SELECT DISTINCT project_id FROM person_merges
