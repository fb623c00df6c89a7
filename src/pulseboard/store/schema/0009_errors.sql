-- Errors lie together within a day, but for requests that failed: what holds none is skipped. There are few groups, and
-- few releases, so that numbers stand for them.
ALTER TABLE events MODIFY COLUMN fingerprint LowCardinality(String), MODIFY COLUMN release LowCardinality(String);
ALTER TABLE events ADD INDEX IF NOT EXISTS errors is_error TYPE minmax GRANULARITY 1;
ALTER TABLE events MATERIALIZE INDEX errors;
