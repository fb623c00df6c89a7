SELECT 1 AS there
FROM events
LIMIT 1
