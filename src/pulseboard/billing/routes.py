"""Plans and usage over HTTP."""

from typing import Annotated

from litestar import get
from litestar.di import NamedDependency as Given
from litestar.params import QueryParameter, SkipValidation

from pulseboard.billing.meter import Meter
from pulseboard.billing.plans import PLANS, Plan
from pulseboard.billing.schemas import PlanList, PlanOut, UsageOut
from pulseboard.billing.service import OrgPlans
from pulseboard.db import Database
from pulseboard.kit.clock import Clock, rfc3339
from pulseboard.kit.periods import month_end, month_of
from pulseboard.orgs import Actor, org_for

OrgQuery = Annotated[str, QueryParameter(name="orgId", max_length=36, description="The organisation.")]


@get("/api/v1/billing/plans", opt={"public": True}, tags=["billing"], sync_to_thread=False)
def list_plans() -> PlanList:
    """The plans, cheapest first."""
    items = [_plan_out(plan) for plan in PLANS.values()]
    return PlanList(items=items, total=len(items))


@get("/api/v1/billing/usage", opt={"problems": (404,)}, tags=["billing"], sync_to_thread=True)
def get_usage(
    org_id: OrgQuery,
    actor: Given[Actor],
    db: Given[Database],
    clock: Given[Clock],
    plans: Given[SkipValidation[OrgPlans]],
    meter: Given[SkipValidation[Meter]],
) -> UsageOut:
    """How much of this month's events an organisation has used; all Free ones of one person share one allowance."""
    now = clock()
    with db.read() as session:
        org = org_for(session, actor, org_id, "org.read")[0]
        plan, _, sharing, living = plans.standing(session, org.id)
    return UsageOut(
        plan=plan.id,
        used=meter.used(sharing, month_of(int(now.timestamp() * 1000))),
        limit=plan.monthly_events,
        resets_at=rfc3339(month_end(now)),
        projects=living,
        max_projects=plan.max_projects,
    )


def _plan_out(plan: Plan) -> PlanOut:
    return PlanOut(
        id=plan.id,
        name=plan.name,
        price_cents=plan.price_cents,
        monthly_events=plan.monthly_events,
        retention_days=plan.retention_days,
        max_projects=plan.max_projects,
        features=list(plan.features),
    )


routes = [list_plans, get_usage]
