"""The plans, as data. A plan, its quota and its limits belong to an organisation."""

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB
FREE, ENTERPRISE = "free", "enterprise"


@dataclass(frozen=True, slots=True)
class Plan:
    """None where nothing is limited. ``retention_days`` also says how old an event may be when it comes."""

    id: str
    name: str
    price_cents: int | None  # a month; None: by contract
    monthly_events: int | None
    retention_days: int
    max_projects: int | None
    features: tuple[str, ...]
    property_bytes: int = 64 * KIB  # of one event's merged properties as JSON
    batch_bytes: int = 5 * MIB  # of one batch, unpacked


PLANS = {
    plan.id: plan
    for plan in (
        Plan(FREE, "Free", 0, 1_000, 7, 3, ("in-app alerts",)),
        Plan("pro", "Pro", 900, 50_000, 30, 20, ("in-app alerts", "email alerts")),
        Plan(
            "business",
            "Business",
            2_900,
            500_000,
            90,
            100,
            ("in-app alerts", "email alerts", "Slack alerts", "webhook alerts", "priority support"),
        ),
        Plan(
            ENTERPRISE,
            "Enterprise",
            None,
            None,
            5 * 366,
            None,
            ("in-app alerts", "email alerts", "Slack alerts", "webhook alerts", "priority support"),
            property_bytes=256 * KIB,
            batch_bytes=20 * MIB,
        ),
    )
}
# What everybody has while billing is off, and Pulseboard's own organisation always.
UNLIMITED = Plan("unlimited", "Unlimited", None, None, 5 * 366, None, PLANS[ENTERPRISE].features)
