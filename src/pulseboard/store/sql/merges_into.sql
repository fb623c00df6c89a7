SELECT gone
FROM
(
    SELECT gone, argMin(into, merged_at) AS into
    FROM person_merges
    WHERE project_id = {project_id:UUID}
    GROUP BY gone
)
WHERE into = {into:UInt32}
ORDER BY gone
