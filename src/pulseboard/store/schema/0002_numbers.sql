-- Numbers for names, given at first sight and for good. Small granules, because the writer asks for single names.
CREATE TABLE IF NOT EXISTS persons
(
    project_id UUID,
    key String,
    number UInt32,
    created_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY (project_id, key)
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    non_replicated_deduplication_window = 10000,
    index_granularity = 512;

-- Sessions that clients name; those that end by silence need no name, their numbers stand on the events alone.
CREATE TABLE IF NOT EXISTS sessions
(
    project_id UUID,
    key String,
    number UInt32,
    created_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY (project_id, key)
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    non_replicated_deduplication_window = 10000,
    index_granularity = 512;
