-- Groups of errors: how many, of whom, since when, by hour and release. What is no error stands apart, under no group.
ALTER TABLE events ADD PROJECTION IF NOT EXISTS by_error
(
    SELECT
        project_id,
        is_error,
        toStartOfHour(timestamp),
        fingerprint,
        release,
        count(),
        min(toUnixTimestamp64Milli(timestamp)),
        max(toUnixTimestamp64Milli(timestamp)),
        groupBitmapIfState(person, person != 0)
    GROUP BY project_id, is_error, toStartOfHour(timestamp), fingerprint, release
);
ALTER TABLE events MATERIALIZE PROJECTION by_error;
