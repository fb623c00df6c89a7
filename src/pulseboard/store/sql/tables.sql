SELECT table AS table_name, countIf(name = 'project_id') > 0 AS scoped
FROM system.columns
WHERE database = currentDatabase()
GROUP BY table_name
