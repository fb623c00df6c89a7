CREATE TABLE IF NOT EXISTS events
(
    project_id UUID,
    id String CODEC(ZSTD(1)),
    type LowCardinality(String),
    kind LowCardinality(String),
    name LowCardinality(String),
    timestamp DateTime64(3, 'UTC'),
    received_at DateTime64(3, 'UTC'),
    stored_at DateTime64(3, 'UTC') DEFAULT now64(3),
    person UInt32,
    user_id String,
    anonymous_id String,
    session UInt32,
    session_id String,
    url String CODEC(ZSTD(1)),
    path String,
    referrer String CODEC(ZSTD(1)),
    referrer_domain String,
    utm_source String,
    utm_medium String,
    utm_campaign String,
    utm_term String,
    utm_content String,
    country LowCardinality(String),
    region String,
    city String,
    browser LowCardinality(String),
    os LowCardinality(String),
    device LowCardinality(String),
    method LowCardinality(String),
    endpoint String,
    status_code UInt16,
    duration_ms Nullable(Float64),
    value Nullable(Float64),
    currency LowCardinality(String),
    message String CODEC(ZSTD(1)),
    fingerprint String,
    release String,
    environment LowCardinality(String),
    service String,
    library String,
    is_error UInt8 MATERIALIZED kind = 'ERROR' OR status_code >= 500,
    properties String CODEC(ZSTD(1)),
    PROJECTION by_day
    (
        SELECT
            project_id,
            toDate(timestamp),
            count(),
            sum(is_error),
            groupBitmapIfState(person, person != 0),
            groupBitmapIfState(session, session != 0)
        GROUP BY project_id, toDate(timestamp)
    ),
    PROJECTION by_quarter
    (
        SELECT project_id, toStartOfFifteenMinutes(timestamp), kind, type, name, count(), sum(is_error)
        GROUP BY project_id, toStartOfFifteenMinutes(timestamp), kind, type, name
    )
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(timestamp)
ORDER BY (project_id, toDate(timestamp), kind, name, person, timestamp)
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    non_replicated_deduplication_window = 10000,
    -- Merges make the projections, so that an insert does not pay for them; fresh parts are read row by row.
    materialize_projections_on_insert = 0,
    materialize_projections_on_merge = 1,
    lightweight_mutation_projection_mode = 'rebuild';
