SELECT
    id,
    type,
    name,
    user_id,
    anonymous_id,
    session_id,
    url,
    path,
    method,
    endpoint,
    status_code,
    duration_ms,
    message,
    value,
    currency,
    properties,
    toUnixTimestamp64Milli(timestamp) AS timestamp_ms,
    toUnixTimestamp64Milli(received_at) AS received_ms
FROM events
WHERE project_id = {project:UUID}
    AND timestamp >= {since_0:DateTime64(3, 'UTC')}
    AND timestamp < {until_0:DateTime64(3, 'UTC')}
    AND toDate(timestamp) >= {first_day_0:Date}
    AND toDate(timestamp) <= {last_day_0:Date}
ORDER BY toDate(timestamp) DESC, timestamp DESC, id DESC
LIMIT {limit:UInt32}

-- first_day_0 = 2026-02-08
-- last_day_0 = 2026-03-10
-- limit = 51
-- project = 01970000-0000-7000-8000-00000000000a
-- since_0 = 2026-02-08T14:37:12.345Z
-- until_0 = 2026-03-10T14:37:12.345Z
