-- Who did what on a day, and who saw which page, as sets: people of one event, retention, the first step of a funnel and
-- the top pages read no rows. Only page views have a page: the paths of API calls have ids in them.
-- Sets are large, so few of them make a granule: of a usual one of 8,192 most would be other projects'. As many in each
-- projection, because the engine takes the one with the fewest granules.
ALTER TABLE events
    ADD COLUMN IF NOT EXISTS page LowCardinality(String) MATERIALIZED if(kind = 'PAGE_VIEW', concat(host, path), '');
ALTER TABLE events DROP PROJECTION IF EXISTS by_day;
ALTER TABLE events ADD PROJECTION IF NOT EXISTS by_day
(
    SELECT
        project_id,
        toDate(timestamp),
        kind,
        bot,
        count(),
        sum(is_error),
        groupBitmapIfState(person, person != 0),
        groupBitmapIfState(session, session != 0)
    GROUP BY project_id, toDate(timestamp), kind, bot
)
WITH SETTINGS (index_granularity = 128);
ALTER TABLE events ADD PROJECTION IF NOT EXISTS by_name
(
    SELECT
        project_id,
        toDate(timestamp),
        kind,
        name,
        bot,
        count(),
        sum(is_error),
        groupBitmapIfState(person, person != 0)
    GROUP BY project_id, toDate(timestamp), kind, name, bot
)
WITH SETTINGS (index_granularity = 128);
ALTER TABLE events ADD PROJECTION IF NOT EXISTS by_page
(
    SELECT
        project_id,
        toDate(timestamp),
        kind,
        bot,
        if(kind = 'PAGE_VIEW', host, ''),
        if(kind = 'PAGE_VIEW', path, ''),
        count(),
        groupBitmapIfState(person, person != 0)
    GROUP BY project_id, toDate(timestamp), kind, bot, if(kind = 'PAGE_VIEW', host, ''), if(kind = 'PAGE_VIEW', path, '')
)
WITH SETTINGS (index_granularity = 128);
ALTER TABLE events
    MATERIALIZE COLUMN page,
    MATERIALIZE PROJECTION by_day,
    MATERIALIZE PROJECTION by_name,
    MATERIALIZE PROJECTION by_page;
