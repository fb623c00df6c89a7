-- Who turned out to be whom: the person numbered gone is the one numbered into. The first row for gone counts.
CREATE TABLE IF NOT EXISTS person_merges
(
    project_id UUID,
    gone UInt32,
    into UInt32,
    merged_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY (project_id, gone)
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    index_granularity = 512
