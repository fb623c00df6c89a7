-- Believable events of one project: visits of eight events each, a day's rhythm, people of whom most come rarely.
INSERT INTO source (project_id, id, type, kind, name, timestamp, received_at, stored_at, person, user_id, anonymous_id, session, session_id, url, path, referrer, referrer_domain, utm_source, utm_medium, country, region, city, browser, os, device, method, endpoint, status_code, duration_ms, value, currency, message, fingerprint, release, environment, service, library, properties)
WITH
    {rows:UInt64} AS total,
    intDiv(number, 8) AS visit,
    visit * 8 / total AS progress,
    cityHash64(visit, 0) AS hv, cityHash64(number, 1) AS h1, cityHash64(number, 2) AS h2, cityHash64(number, 3) AS h3, cityHash64(number, 4) AS h4,
    hv % 1000000 / 1000000 AS uv, h2 % 1000000 / 1000000 AS u2, h3 % 1000000 / 1000000 AS u3, h4 % 1000000 / 1000000 AS u4,
    toDateTime64('2026-01-01 00:00:00', 3, 'UTC') AS start,
    toInt64(progress * 2592000000 + 10800000 * sin(progress * 60 * pi())) + hv % 3000 AS visit_ms,
    addMilliseconds(start, visit_ms + number % 8 * 45000 + h3 % 40000) AS at,
    toUInt32(1 + floor({persons:UInt32} * pow(uv, 2.2))) AS who,
    cityHash64(who, 7) AS hw,
    hw % 10 < 6 AS known,
    toUInt8(floor(40 * pow(u2, 2.5))) AS n,
    multiIf(n < 8, 'PAGE_VIEW', n < 18, 'REQUEST', n < 21, 'ERROR', 'CUSTOM') AS k,
    k = 'PAGE_VIEW' AS web, k = 'REQUEST' AS api, k = 'CUSTOM' AND n % 8 = 1 AS sale,
    concat('/', ['products', 'docs', 'blog', 'account', 'cart', 'search', 'help', 'pricing'][1 + h4 % 8], '/', toString(toUInt16(floor(60 * pow(u3, 2))))) AS page,
    bitOr(bitShiftLeft(toUInt64(who), 32), intDiv(toUnixTimestamp64Milli(addMilliseconds(start, visit_ms)), 1000)) AS session,
    -- every small project calls its properties by names of its own
    if({project:String} = '', toString(number % 200), '') AS own
SELECT
    if({project:String} = '', toUUID(concat('01970000-0000-7000-8000-', leftPad(lower(hex(4096 + number % 200)), 12, '0'))), toUUIDOrZero({project:String})),
    toString(dateTimeToUUIDv7(toDateTime(at))), k, k,
    multiIf(web, 'page_view', api, concat(['GET', 'POST'][1 + n % 2], ' /api/', toString(n)), concat(['signup', 'purchase', 'invite', 'export', 'search', 'login', 'upload', 'share'][1 + n % 8], '_', toString(n))),
    at, addMilliseconds(at, 40 + h1 % 400), addMilliseconds(at, 500 + h1 % 900),
    who, if(known, concat('user-', toString(who)), ''), if(known, '', lower(hex(hw))), session, if(known, lower(hex(cityHash64(session))), ''),
    if(web, concat('https://www.example.com', page, if(h2 % 10 = 0, concat('?utm_source=s', toString(h2 % 7), '&utm_medium=cpc'), '')), ''), if(web, page, ''),
    if(web AND h3 % 3 = 0, concat('https://ref', toString(h3 % 50), '.example.org/'), ''), if(web AND h3 % 3 = 0, concat('ref', toString(h3 % 50), '.example.org'), ''),
    if(web AND h2 % 10 = 0, concat('s', toString(h2 % 7)), ''), if(web AND h2 % 10 = 0, 'cpc', ''),
    ['DE', 'US', 'FR', 'GB', 'IN', 'BR', 'JP', 'PL'][1 + hw % 8], concat('r', toString(hw % 60)), concat('city', toString(hw % 900)),
    ['Chrome', 'Safari', 'Firefox', 'Edge'][1 + hw % 4], ['Windows', 'macOS', 'iOS', 'Android', 'Linux'][1 + hw % 5], ['desktop', 'phone', 'tablet'][1 + hw % 3],
    if(api, ['GET', 'POST'][1 + n % 2], ''), if(api, concat('/api/', toString(n)), ''), if(api, multiIf(h4 % 100 < 94, 200, h4 % 100 < 98, 404, 500), 0),
    nullIf(if(api, round(8 * exp(2.2 * u3 + u4), 2), -1), -1), nullIf(if(sale, round(5 + 90 * u4, 2), -1), -1), if(sale, 'EUR', ''),
    if(k = 'ERROR', concat('TypeError: cannot read field ', toString(h3 % 40)), ''), if(k = 'ERROR', lower(hex(cityHash64(h3 % 40))), ''),
    concat('1.', toString(toDayOfMonth(at))), 'prod', ['web', 'api', 'worker'][1 + h1 % 3], 'js/1.0',
    concat('{"plan', own, '":"', ['free', 'pro', 'business', 'enterprise'][1 + hw % 4], '","feature', own, '":"f', toString(toUInt8(floor(100 * u4))), '","cart', own, '":', toString(h4 % 9), ',"beta', own, '":', if(h2 % 2, 'true', 'false'), ',"request_id', own, '":"', lower(hex(h3)), '"}')
FROM numbers(total)
