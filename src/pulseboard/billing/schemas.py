"""What the billing routes give."""

from typing import Annotated

from msgspec import Meta

from pulseboard.kit.wire import Out, Timestamp


class PlanOut(Out):
    id: str
    name: str
    price_cents: Annotated[int | None, Meta(description="A month; null: by contract.")]
    monthly_events: Annotated[int | None, Meta(description="Null: no limit.")]
    retention_days: int
    max_projects: Annotated[int | None, Meta(description="Null: no limit.")]
    features: list[str]


class PlanList(Out):
    items: list[PlanOut]
    total: int
    next_cursor: str | None = None


class UsageOut(Out):
    """Distinct events that came this month (UTC), those included that wait to be stored."""

    plan: str
    used: int
    limit: Annotated[int | None, Meta(description="Null: no limit.")]
    resets_at: Timestamp
    projects: Annotated[int, Meta(description="Projects that live and share the quota.")]
    max_projects: Annotated[int | None, Meta(description="Null: no limit.")]
