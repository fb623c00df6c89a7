-- Visits to a made-up product's web site: page views, sign-ups, purchases and script errors.
--
-- Nothing is random: every choice is a hash of the seed, the visit and a word, so equal parameters give equal rows.
-- A person visits at most once in two hours (hour and person are both even or both odd, and nobody comes twice in an
-- hour), and a visit takes less than 25 minutes: so visits are the sessions that 30 minutes of silence make.
INSERT INTO events
(
    project_id, id, type, kind, name, timestamp, received_at, person, user_id, anonymous_id, session, url, host, path,
    referrer, referrer_domain, utm_source, utm_medium, utm_campaign, channel, country, region, city, browser,
    browser_version, os, os_version, device, bot, value, currency, message, fingerprint, release, environment, library,
    properties
)
WITH
    (SELECT arrayCumSum(n -> 3 * (intDiv(n, 100) + 1), {per_hour:Array(UInt32)})) AS places_before,
    (word -> sipHash64({seed:UInt64}, hour, visit, word) / 18446744073709551616.) AS chance,
    (word -> sipHash64({seed:UInt64}, person, word) / 18446744073709551616.) AS trait,
    -- Early ones of a list are picked more often than late ones; `share` is between 0 and 1.
    ((list, share) -> list[1 + toUInt32(floor(length(list) * pow(share, 2.2)))]) AS pick,
    if({incident:UInt32} <= hour AND hour < {incident:UInt32} + 2, 0.15, 1) AS calm
SELECT
    {project_id:UUID},
    lower(hex(sipHash128({seed:UInt64}, 'web', hour, visit, place))),
    multiIf(what = 'page', 'PAGE_VIEW', what = 'error', 'ERROR', 'CUSTOM') AS event_type,
    event_type,
    multiIf(what = 'page', 'PAGE_VIEW', what = 'error', fault.1, what),
    first + toIntervalMillisecond(place * gap + if(place = 0, 0, sipHash64(hour, visit, place) % 2000)) AS moment,
    moment + toIntervalMillisecond(30 + sipHash64(visit, place) % 400),
    person,
    if(who = 'guest', '', concat('user-', toString(person))),
    if(who = 'guest', lower(hex(sipHash64({seed:UInt64}, person, 'cookie'))), ''),
    session,
    if(where = '', '', concat('https://shop.example', where)),
    if(where = '', '', 'shop.example'),
    multiIf(
        what != 'page', '',
        signs AND place + 1 = pages, '/sign-up',
        buys AND place + 1 = pages, '/checkout',
        place = 0, pick(['/', '/pricing', '/blog/exact-numbers', '/docs', '/features', '/blog/one-process', '/about'], browse),
        browse < 0.6, pick(['/features', '/docs/install', '/pricing', '/docs', '/blog', '/docs/api', '/changelog', '/team'], browse / 0.6),
        concat('/blog/post-', toString(1 + toUInt32(floor(300 * pow((browse - 0.6) / 0.4, 3)))))
    ) AS where,
    if(lands AND source != '', concat('https://', source, '/'), ''),
    if(lands, source, ''),
    if(lands AND campaign != '', 'newsletter', ''),
    if(lands AND campaign != '', 'email', ''),
    if(lands, campaign, ''),
    multiIf(
        NOT lands, '',
        campaign != '', 'Email',
        source = '', 'Direct',
        source IN ('google.com', 'bing.com', 'duckduckgo.com'), 'Organic Search',
        source = 'github.com', 'Referral',
        'Organic Social'
    ),
    town.1,
    town.2,
    town.3,
    if(crawls, 'Googlebot', agent[1]),
    if(crawls, '2', agent[2]),
    if(crawls, '', system[1]),
    if(crawls, '', system[2]),
    multiIf(crawls, 'bot', system[1] IN ('Android', 'iOS'), if(trait('tablet') < 0.1, 'tablet', 'mobile'), 'desktop'),
    crawls,
    if(what = 'purchase', pick([9., 29., 99.], chance('price')), NULL),
    if(what = 'purchase', 'EUR', ''),
    if(what = 'error', fault.2, ''),
    if(what = 'error', lower(hex(sipHash64(fault.2))), ''),
    concat('web-1.', toString(4 + intDiv(hour, 168))),
    'prod',
    'demo',
    multiIf(
        what = 'purchase', concat('{"plan": "', pick(['starter', 'pro', 'business'], chance('price')), '"}'),
        what = 'sign_up', concat('{"method": "', pick(['email', 'google', 'github'], chance('method')), '"}'),
        '{}'
    )
FROM
(
    SELECT
        hour,
        visit,
        who,
        person,
        session,
        town,
        agent,
        system,
        {from:DateTime64(3, 'UTC')} + toIntervalHour(hour) + toIntervalMillisecond(floor(3600000 * chance('start'))) AS first,
        toUInt32(8000 + 70000 * pow(chance('pace'), 2)) AS gap,
        1 + least(13, toUInt8(floor(-log(1 - chance('pages')) * 2.4))) AS pages,
        who = 'new' AS signs,
        who = 'guest' AND trait('crawls') < 0.04 AS crawls,
        chance('buys') < multiIf(who = 'regular', 0.02, who = 'new', 0.12, 0.) * calm AS buys,
        chance('fails') < 0.012 / calm AS fails,
        if(chance('direct') < 0.4, '', pick(['google.com', 'news.ycombinator.com', 'github.com', 'bing.com', 'duckduckgo.com', 'reddit.com', 'linkedin.com', 'lobste.rs'], chance('source'))) AS source,
        if(chance('campaign') < 0.05, concat('week-', toString(1 + intDiv(hour, 168))), '') AS campaign,
        pick([
            ('TypeError', 'Cannot read properties of undefined (reading \'total\')'),
            ('ChunkLoadError', 'Loading chunk 7 failed'),
            ('NetworkError', 'Failed to fetch /api/v1/cart'),
            ('RangeError', 'Invalid time value')
        ], chance('fault')) AS fault,
        arrayJoin(arrayConcat(
            arrayMap(n -> (n, 'page'), range(toUInt32(pages))),
            if(signs, [(toUInt32(pages), 'sign_up')], []),
            if(buys, [(toUInt32(pages + 1), 'purchase')], []),
            if(fails, [(toUInt32(pages + 2), 'error')], [])
        )) AS step,
        step.1 AS place,
        step.2 AS what,
        what = 'page' AND place = 0 AS lands,
        sipHash64({seed:UInt64}, hour, visit, place, 'browse') / 18446744073709551616. AS browse
    FROM
    (
        SELECT
            hour,
            visit,
            who,
            person,
            session,
            pick([
                ('US', 'California', 'San Francisco'), ('DE', 'Berlin', 'Berlin'), ('GB', 'England', 'London'),
                ('IN', 'Karnataka', 'Bengaluru'), ('US', 'New York', 'New York'), ('FR', 'Île-de-France', 'Paris'),
                ('CA', 'Ontario', 'Toronto'), ('NL', 'North Holland', 'Amsterdam'), ('BR', 'São Paulo', 'São Paulo'),
                ('US', 'Washington', 'Seattle'), ('AU', 'New South Wales', 'Sydney'), ('DE', 'Bavaria', 'Munich'),
                ('PL', 'Mazovia', 'Warsaw'), ('ES', 'Madrid', 'Madrid'), ('SE', 'Stockholm', 'Stockholm'),
                ('JP', 'Tokyo', 'Tokyo'), ('IT', 'Lombardy', 'Milan'), ('CH', 'Zurich', 'Zurich'),
                ('AT', 'Vienna', 'Vienna'), ('GB', 'Scotland', 'Edinburgh'), ('DK', 'Capital Region', 'Copenhagen'),
                ('FI', 'Uusimaa', 'Helsinki'), ('NO', 'Oslo', 'Oslo'), ('PT', 'Lisbon', 'Lisbon'),
                ('CZ', 'Prague', 'Prague'), ('MX', 'Mexico City', 'Mexico City'), ('IE', 'Leinster', 'Dublin'),
                ('BE', 'Brussels Capital', 'Brussels'), ('SG', '', 'Singapore'), ('ZA', 'Western Cape', 'Cape Town'),
                ('KE', 'Nairobi County', 'Nairobi'), ('NZ', 'Auckland', 'Auckland'), ('UA', 'Kyiv City', 'Kyiv')
            ], trait('country')) AS town,
            splitByChar(' ', if(
                trait('mobile') < 0.42,
                pick(['Android 16', 'Android 15', 'iOS 19.1', 'iOS 18.6', 'Android 14', 'iOS 17.7', 'Android 13'], trait('os')),
                pick(['Windows 10', 'Windows 10', 'macOS 10.15', 'macOS 10.15', 'Linux '], trait('os'))
            )) AS system,
            splitByChar('/', multiIf(
                system[1] = 'iOS', pick(['Safari/19', 'Safari/18', 'Chrome/145', 'Safari/17', 'Chrome/144'], trait('browser')),
                system[1] = 'macOS', pick(['Safari/19', 'Chrome/145', 'Safari/18', 'Chrome/144', 'Firefox/147'], trait('browser')),
                system[1] = 'Android', pick(['Chrome/145', 'Chrome/144', 'Samsung Internet/29', 'Chrome/143', 'Firefox/147'], trait('browser')),
                pick(['Chrome/145', 'Chrome/144', 'Edge/145', 'Firefox/147', 'Opera/125'], trait('browser'))
            )) AS agent
        FROM
        (
            SELECT
                number AS hour,
                arrayJoin(range({per_hour:Array(UInt32)}[hour + 1])) AS visit,
                1 + arrayCumSum({per_hour:Array(UInt32)})[hour] + visit AS session,
                (visit * 37 + sipHash64({seed:UInt64}, hour, 'mix')) % 100 AS card,
                multiIf(card < 45, 'regular', card < 48, 'new', 'guest') AS who,
                -- 37 and 100 have no common factor, so of each hundred visits every one draws a card of its own.
                -- 7919 is prime and divides no group's size, so the steps meet everybody before they meet anybody again.
                multiIf(
                    who = 'regular', {accounts:UInt32} + 2 * ((sipHash64({seed:UInt64}, hour, who) + visit * 7919) % {regulars:UInt32}),
                    who = 'guest', {accounts:UInt32} + 2 * {regulars:UInt32} + 2 * ((sipHash64({seed:UInt64}, hour, who) + visit * 7919) % {guests:UInt32}),
                    {accounts:UInt32} + 2 * {regulars:UInt32} + 2 * {guests:UInt32} + places_before[hour] + 3 * intDiv(visit, 100) + card - 45
                ) + if(who = 'new', 1, 1 + hour % 2) AS person
            FROM numbers_mt(length({per_hour:Array(UInt32)}))
        )
    )
)
WHERE moment < {from:DateTime64(3, 'UTC')} + toIntervalHour(length({per_hour:Array(UInt32)}))
-- An hour is a block, so that every core makes hours, and memory does not grow with all of them.
SETTINGS max_block_size = 1
