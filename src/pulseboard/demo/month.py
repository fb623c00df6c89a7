"""How busy a made-up product is, hour by hour, and how many people use it."""

import math
import random
from collections.abc import Sequence
from datetime import datetime, timedelta

HOURS = 30 * 24
INCIDENT_DAYS_AGO = 9
INCIDENT_HOUR = 14  # UTC
STRIDE = 7919  # the step of demo_web.sql through a group of people
_WEEK = (1.0, 1.06, 1.04, 1.0, 0.9, 0.55, 0.5)  # Monday first
_GROWTH = 0.25  # over the month
_NOISE = 0.08


def weights(start: datetime, seed: int) -> list[float]:
    """How busy each hour from ``start`` on is, compared with the others: days, weeks, growth and a little noise."""
    dice = random.Random(seed)  # noqa: S311 - a demo has no secrets
    return [
        _day(moment.hour) * _WEEK[moment.weekday()] * (1 + _GROWTH * hour / HOURS) * (1 + _NOISE * dice.uniform(-1, 1))
        for hour in range(HOURS)
        for moment in (start + timedelta(hours=hour),)
    ]


def apportion(total: int, shares: Sequence[float]) -> list[int]:
    """Whole numbers that add up to ``total`` and are as near to the shares as rounding lets them."""
    whole, before, parts = sum(shares), 0, []
    passed = 0.0
    for share in shares:
        passed += share
        done = min(total, round(total * passed / whole))
        parts.append(done - before)
        before = done
    parts[-1] += total - before
    return parts


def incident_hour(start: datetime) -> int:
    """The number of the hour in which the planted incident begins; it lasts two."""
    day = start + timedelta(days=30 - INCIDENT_DAYS_AGO)
    moment = day.replace(hour=INCIDENT_HOUR, minute=0, second=0, microsecond=0)
    return round((moment - start) / timedelta(hours=1))


def half_group(wanted: int, most_in_an_hour: int) -> int:
    """Half of a group of about ``wanted`` people, large enough that nobody comes twice in an hour."""
    half = max(wanted // 2, 2 * most_in_an_hour, 1)
    return half + 1 if half % STRIDE == 0 else half


def _day(hour: int) -> float:
    """Quiet at three at night, busiest at three in the afternoon (UTC)."""
    return 0.3 + 0.85 * (1 + math.cos((hour - 15) * math.pi / 12)) / 2
