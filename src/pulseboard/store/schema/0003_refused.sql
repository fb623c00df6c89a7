CREATE TABLE IF NOT EXISTS refused
(
    project_id UUID,
    day Date,
    reason LowCardinality(String),
    events UInt64
)
ENGINE = SummingMergeTree
ORDER BY (project_id, day, reason)
SETTINGS non_replicated_deduplication_window = 10000
