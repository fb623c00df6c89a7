SELECT
    toString(project_id) AS project,
    id,
    type,
    name,
    toUnixTimestamp64Milli(timestamp) AS timestamp_ms,
    toUnixTimestamp64Milli(received_at) AS received_ms,
    user_id,
    anonymous_id,
    session_id,
    url,
    message,
    status_code,
    environment,
    properties
FROM events
WHERE timestamp >= {from:DateTime64(3, 'UTC')}
    AND timestamp < {to:DateTime64(3, 'UTC')}
    AND ({project:String} = '' OR project_id = toUUIDOrZero({project:String}))
    AND ({type:String} = '' OR lowerUTF8(type) = lowerUTF8({type:String}))
    AND ({name:String} = '' OR name = {name:String})
    AND ({user:String} = '' OR user_id = {user:String} OR anonymous_id = {user:String})
    AND (
        {text:String} = ''
        OR positionCaseInsensitiveUTF8(name, {text:String}) > 0
        OR positionCaseInsensitiveUTF8(message, {text:String}) > 0
        OR positionCaseInsensitiveUTF8(url, {text:String}) > 0
        OR positionCaseInsensitiveUTF8(properties, {text:String}) > 0
    )
    AND (
        {after_id:String} = ''
        OR (timestamp, toString(project_id), id)
            < ({after:DateTime64(3, 'UTC')}, {after_project:String}, {after_id:String})
    )
ORDER BY timestamp DESC, project DESC, id DESC
LIMIT {limit:UInt32}
