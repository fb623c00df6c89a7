SELECT *
FROM
(
    SELECT
        person AS who,
        max(user_id) AS user,
        argMaxIf(anonymous_id, (timestamp, id), anonymous_id != '') AS anonymous,
        toUnixTimestamp64Milli(min(timestamp)) AS first_ms,
        toUnixTimestamp64Milli(max(timestamp)) AS last_ms,
        count() AS events,
        groupBitmapIf(session, session != 0) AS sessions,
        count() OVER () AS total
    FROM events
    WHERE project_id = {project_id:UUID}
        AND timestamp >= {from:DateTime64(3, 'UTC')}
        AND timestamp < {to:DateTime64(3, 'UTC')}
        -- The table lies in order of days: said by the time alone, the range would cut nothing off a month.
        AND toDate(timestamp) >= toDate({from:DateTime64(3, 'UTC')})
        AND toDate(timestamp) <= toDate({to:DateTime64(3, 'UTC')})
        AND person != 0
        AND
        (
            {search:String} = ''
            -- Who has an id like it at any of the range's events, under whichever number.
            OR person IN
            (
                SELECT person
                FROM events
                WHERE project_id = {project_id:UUID}
                    AND timestamp >= {from:DateTime64(3, 'UTC')}
                    AND timestamp < {to:DateTime64(3, 'UTC')}
                    AND toDate(timestamp) >= toDate({from:DateTime64(3, 'UTC')})
                    AND toDate(timestamp) <= toDate({to:DateTime64(3, 'UTC')})
                    AND {search:String} != ''
                    AND
                    (
                        positionCaseInsensitiveUTF8(user_id, {search:String}) > 0
                        OR positionCaseInsensitiveUTF8(anonymous_id, {search:String}) > 0
                    )
            )
        )
    GROUP BY who
)
WHERE (last_ms, who) < ({before:Int64}, {before_who:UInt32})
ORDER BY last_ms DESC, who DESC
LIMIT {limit:UInt32}
