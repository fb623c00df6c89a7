"""What the project routes take and give."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType, field

from pulseboard.kit.wire import In, Out, Timestamp
from pulseboard.orgs import OrgName, Role
from pulseboard.projects.alert_defaults import MAX_CHANNELS, WINDOW, ChannelType

Environment = Literal["prod", "staging", "dev"]
KeyScope = Literal["ingest", "secret"]
KeyStatus = Literal["active", "revoked"]

Name = OrgName
Description = Annotated[str, Meta(max_length=2000)]
Domain = Annotated[str, Meta(min_length=1, max_length=253, description="A host name, without scheme, port or path.")]
Domains = Annotated[list[Domain], Meta(max_length=50)]
TimeZone = Annotated[str, Meta(max_length=60, description="A name of the IANA time zone database.")]
Label = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]
OrgId = Annotated[str, Meta(max_length=36, description="Your personal organisation if left out.")]

Origin = Annotated[str, Meta(min_length=1, max_length=300)]
Origins = Annotated[
    list[Origin],
    Meta(
        max_length=50,
        description="Web pages that may use the key: `https://shop.example.com`, or `https://*.example.com` for all "
        "subdomains. From anywhere if there are none. Only for ingest keys.",
    ),
]


Addresses = Annotated[
    list[Annotated[str, Meta(min_length=1, max_length=100)]],
    Meta(
        max_length=50,
        description="Where programs may use the key: addresses, or networks such as `203.0.113.0/24`. From anywhere if "
        "there are none.",
    ),
]
Expiry = Annotated[
    Annotated[datetime, Meta(tz=True)] | None,
    Meta(description="When the key stops working by itself; never if null."),
]


class ChannelIn(In):
    type: ChannelType
    target: Annotated[str, Meta(max_length=2000, description="An address or a URL; none means the rule's maker.")] = ""


class AlertDefaultsIn(In):
    """How alerts of the project tell, unless they say something else."""

    channels: Annotated[list[ChannelIn], Meta(max_length=MAX_CHANNELS)] = field(
        default_factory=lambda: [ChannelIn("email")]
    )
    window: Annotated[str, Meta(pattern=WINDOW, description="Such as `5m`, `1h`, `1d`.")] = "5m"


class ChannelOut(Out):
    type: ChannelType
    target: str


class AlertDefaultsOut(Out):
    channels: list[ChannelOut]
    window: str


class ProjectIn(In):
    name: Name
    org_id: OrgId | None = None
    description: Description = ""
    environment: Environment = "prod"
    domains: Domains = field(default_factory=list)
    timezone: TimeZone = "UTC"
    alert_defaults: AlertDefaultsIn = field(default_factory=AlertDefaultsIn)


class ProjectPatch(In):
    name: Name | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    environment: Environment | UnsetType = UNSET
    domains: Domains | UnsetType = UNSET
    timezone: TimeZone | UnsetType = UNSET
    alert_defaults: AlertDefaultsIn | UnsetType = UNSET


class ProjectOut(Out):
    id: str
    org_id: str
    name: str
    description: str
    environment: Environment
    domains: list[str]
    timezone: str
    alert_defaults: AlertDefaultsOut
    created_at: Timestamp


class ProjectWithKeyOut(ProjectOut):
    api_key: Annotated[str, Meta(description="A secret key, shown this once.")]


class ProjectList(Out):
    items: list[ProjectOut]
    total: int | None
    next_cursor: str | None


class KeyIn(In):
    label: Label
    scope: KeyScope = "ingest"
    allowed_origins: Origins = field(default_factory=list)
    allowed_addresses: Addresses = field(default_factory=list)
    expires_at: Expiry = None


class KeyPatch(In):
    status: KeyStatus | UnsetType = UNSET
    label: Label | UnsetType = UNSET
    allowed_origins: Origins | UnsetType = UNSET
    allowed_addresses: Addresses | UnsetType = UNSET
    expires_at: Expiry | UnsetType = UNSET


class RotateIn(In):
    grace_seconds: Annotated[int, Meta(ge=0, le=30 * 86_400, description="How long the old key still works.")] = 0
    expires_at: Expiry = None


class KeyOut(Out):
    id: str
    prefix: str
    label: str
    scope: KeyScope
    status: KeyStatus
    allowed_origins: list[str]
    allowed_addresses: list[str]
    created_at: Timestamp
    last_used_at: Timestamp | None
    expires_at: Timestamp | None


class NewKeyOut(KeyOut):
    key: Annotated[str, Meta(description="Shown this once; only a hash of it is kept.")]


class KeyList(Out):
    items: list[KeyOut]
    total: int | None
    next_cursor: str | None


ProjectRoleName = Literal["admin", "member", "viewer"]


class ProjectRoleIn(In):
    role: ProjectRoleName


class ProjectRoleOut(Out):
    """``role`` counts in this project instead of ``orgRole``; an admin's and an owner's holds everywhere."""

    member_id: str
    user_id: str
    email: str
    name: str
    role: ProjectRoleName
    org_role: Role


class ProjectRoleList(Out):
    items: list[ProjectRoleOut]
    total: int | None
    next_cursor: str | None


class WebsiteIn(In):
    name: Name
    domain: Domain
    org_id: OrgId | None = None


class WebsiteOut(Out):
    id: str
    name: str
    domain: str
    created_at: Timestamp


class WebsiteList(Out):
    items: list[WebsiteOut]
    total: int | None
    next_cursor: str | None


class TenantIn(In):
    name: Name


class TenantOut(Out):
    id: Annotated[str, Meta(description="The organisation's.")]
    name: str
    api_key: Annotated[str, Meta(description="A secret key of its project, shown this once.")]
