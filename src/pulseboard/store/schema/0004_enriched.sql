-- What the writer finds out: the page's host, the way to it, versions, and whether a program asked for it.
ALTER TABLE events
    ADD COLUMN IF NOT EXISTS host String AFTER url,
    ADD COLUMN IF NOT EXISTS click_id LowCardinality(String) AFTER utm_content,
    ADD COLUMN IF NOT EXISTS channel LowCardinality(String) AFTER click_id,
    ADD COLUMN IF NOT EXISTS browser_version LowCardinality(String) AFTER browser,
    ADD COLUMN IF NOT EXISTS os_version LowCardinality(String) AFTER os,
    ADD COLUMN IF NOT EXISTS bot UInt8 AFTER device
