-- Calls of a made-up product's API by its customers, and its own errors; for two hours its database does not keep up.
-- As in demo_web.sql, every choice is a hash.
INSERT INTO events
(
    project_id, id, type, kind, name, timestamp, received_at, person, user_id, method, path, endpoint, status_code,
    duration_ms, message, fingerprint, release, environment, service, library, properties
)
WITH
    (word -> sipHash64({seed:UInt64}, hour, call, word) / 18446744073709551616.) AS chance,
    ((list, share) -> list[1 + toUInt32(floor(length(list) * pow(share, 2.2)))]) AS pick
SELECT
    {project_id:UUID},
    lower(hex(sipHash128({seed:UInt64}, 'api', hour, call))),
    if(fails, 'ERROR', 'REQUEST') AS event_type,
    event_type,
    if(fails, fault.1, 'REQUEST'),
    {from:DateTime64(3, 'UTC')} + toIntervalHour(hour) + toIntervalMillisecond(floor(3600000 * chance('when'))) AS moment,
    moment + toIntervalMillisecond(5 + floor(80 * chance('way'))),
    1 + toUInt32(floor({accounts:UInt32} * pow(chance('who'), 2))) AS person,
    concat('account-', toString(person)),
    if(fails, '', route.1),
    if(fails, '', route.2),
    if(fails, '', route.2),
    multiIf(
        fails, 0,
        chance('ok') < if(troubled, if(route.4 = 'orders', 0.45, 0.03), 0.002), pick([503, 500, 504], chance('status')),
        chance('ok') < if(troubled, 0.5, 0.04), pick([404, 401, 422, 429], chance('status')),
        route.1 = 'POST', 201,
        route.1 = 'DELETE', 204,
        200
    ) AS status,
    -- Two even chances make one of the bell curve, whose power makes a long tail.
    if(fails, NULL, round(route.3 * exp(0.45 * sqrt(-2 * log(1 - chance('bell'))) * cos(6.283185307179586 * chance('curve'))) * if(troubled, if(route.4 = 'orders', 9, 2), 1), 2)),
    if(fails, fault.2, ''),
    multiIf(
        fails, lower(hex(sipHash64(fault.2))),
        status >= 500, lower(hex(sipHash64(route.1, route.2, status))),
        ''
    ),
    concat('api-2.', toString(intDiv(hour, 240))),
    'prod',
    concat(route.4, '-api'),
    'demo',
    '{}'
FROM
(
    SELECT
        number AS hour,
        {incident:UInt32} <= hour AND hour < {incident:UInt32} + 2 AS troubled,
        arrayJoin(range({per_hour:Array(UInt32)}[hour + 1])) AS call,
        chance('error') < if(troubled, 0.12, 0.003) AS fails,
        pick([
            ('GET', '/v1/products', 18., 'catalog'),
            ('GET', '/v1/orders/{id}', 24., 'orders'),
            ('POST', '/v1/orders', 85., 'orders'),
            ('GET', '/v1/products/{id}', 9., 'catalog'),
            ('GET', '/v1/customers/{id}', 15., 'customers'),
            ('GET', '/v1/search', 120., 'catalog'),
            ('PATCH', '/v1/customers/{id}', 41., 'customers'),
            ('POST', '/v1/refunds', 210., 'orders'),
            ('GET', '/v1/reports/sales', 900., 'orders'),
            ('POST', '/v1/webhooks/test', 60., 'customers'),
            ('DELETE', '/v1/customers/{id}', 33., 'customers')
        ], chance('route')) AS route,
        if(
            troubled,
            ('DatabaseTimeout', 'No connection to orders-db within 5 s'),
            pick([
                ('ValidationError', 'quantity must be positive'),
                ('PaymentDeclined', 'The card was declined'),
                ('LockTimeout', 'Row of order is locked'),
                ('UpstreamError', 'Carrier answered 502')
            ], chance('fault'))
        ) AS fault
    FROM numbers_mt(length({per_hour:Array(UInt32)}))
)
-- An hour is a block, so that every core makes hours, and memory does not grow with all of them.
SETTINGS max_block_size = 1
