SELECT id
FROM events
WHERE project_id = {project_id:UUID}
    AND timestamp >= {from:DateTime64(3, 'UTC')}
    AND timestamp <= {to:DateTime64(3, 'UTC')}
    AND id IN {ids:Array(String)}
