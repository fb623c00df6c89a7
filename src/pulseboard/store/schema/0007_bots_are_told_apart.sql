-- Reads of web pages leave bots out: what is kept per day and quarter tells them apart, and days also page views.
ALTER TABLE events DROP PROJECTION IF EXISTS by_day;
ALTER TABLE events DROP PROJECTION IF EXISTS by_quarter;
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
);
ALTER TABLE events ADD PROJECTION IF NOT EXISTS by_quarter
(
    SELECT project_id, toStartOfFifteenMinutes(timestamp), kind, type, name, bot, count(), sum(is_error)
    GROUP BY project_id, toStartOfFifteenMinutes(timestamp), kind, type, name, bot
);
ALTER TABLE events MATERIALIZE PROJECTION by_day;
ALTER TABLE events MATERIALIZE PROJECTION by_quarter;
