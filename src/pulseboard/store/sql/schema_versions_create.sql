CREATE TABLE IF NOT EXISTS schema_versions
(
    number UInt32,
    name String,
    applied_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY number
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000
