SELECT toString(refused.day) AS utc_day, reason, sum(events) AS events
FROM refused
WHERE project_id = {project_id:UUID} AND refused.day >= {from:Date} AND refused.day <= {to:Date}
GROUP BY refused.day, reason
ORDER BY refused.day DESC, reason
