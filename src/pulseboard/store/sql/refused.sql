SELECT toString(day) AS day, reason, sum(events) AS events
FROM refused
WHERE project_id = {project_id:UUID} AND day >= {from:Date} AND day <= {to:Date}
GROUP BY day, reason
ORDER BY day DESC, reason
