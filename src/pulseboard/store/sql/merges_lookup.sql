SELECT gone, argMin(into, merged_at) AS into
FROM person_merges
WHERE project_id = {project_id:UUID} AND gone IN {gone:Array(UInt32)}
GROUP BY gone
