"""Every operation of the application, and what it needs. A new route gets its line here, or the test of it fails.

``needs`` is an action of ``orgs/permissions.py``, or one of the words below. Ids of the tenant stand in ``query`` and
``body`` as ``{projectId}``, ``{orgId}`` and so on, as they do in paths.
"""

from dataclasses import dataclass, field

PUBLIC = "(public)"  # anybody, without credentials
DOOR = "(door)"  # takes events, with a key or for a site; tests/ingest knows who may
PERSON = "(person)"  # everybody who is signed in; no API key
ANYONE = "(anyone)"  # everybody who is signed in, and secret keys
SUPERADMIN = "(superadmin)"

HOW = (
    "Say in tests/roles/matrix.py what it needs: Entry('<action of orgs/permissions.py>'), with a body that would be "
    "fine if it takes one; or PUBLIC, DOOR, PERSON, ANYONE, SUPERADMIN where no organisation's role is asked. A new "
    "action gets its line in orgs/permissions.py, and `python tools/roles.py` writes docs/roles.md again."
)


@dataclass(frozen=True)
class Entry:
    """``spoils`` says that a good call takes away what other calls need; ``absent`` that the path ends in an id of
    something of which the tenant has none, so that who may call it gets 404."""

    needs: str
    body: object = None
    query: dict[str, str] = field(default_factory=dict)
    spoils: bool = False
    absent: bool = False


_PROJECT = {"projectId": "{projectId}"}
_READ = Entry("project.read", query=_PROJECT)
_METRIC = Entry("project.read", query=_PROJECT | {"event": "x"})

ENTRIES: dict[str, Entry] = {
    # accounts
    "register": Entry(PUBLIC),
    "login": Entry(PUBLIC),
    "refresh": Entry(PUBLIC),
    "refreshTokenPair": Entry(PUBLIC),
    "getSetup": Entry(PUBLIC),
    "setUp": Entry(PUBLIC),
    "logout": Entry(PERSON, spoils=True),
    "me": Entry(PERSON),
    "updateMe": Entry(PERSON, {}),
    "verifyEmail": Entry(PUBLIC),
    "resendVerification": Entry(PERSON),
    "forgotPassword": Entry(PUBLIC),
    "resetPassword": Entry(PUBLIC),
    "changePassword": Entry(PERSON, {"password": "another horse that staples"}),
    "changeEmail": Entry(PERSON, {"email": "elsewhere@example.com"}),
    "confirmEmail": Entry(PUBLIC),
    "deleteAccount": Entry(PERSON, {}),
    "getSecurity": Entry(PERSON),
    "beginTotp": Entry(PERSON, {}),
    "confirmTotp": Entry(PERSON, {"code": "123456"}),
    "renewRecoveryCodes": Entry(PERSON, {"code": "123456"}),
    "removeTotp": Entry(PERSON, {"code": "123456"}),
    "beginPasskey": Entry(PERSON, {}),
    "addPasskey": Entry(PERSON, {"challengeId": "x", "name": "x", "credential": {}}),
    "listPasskeys": Entry(PERSON),
    "renamePasskey": Entry(PERSON, {"name": "x"}, absent=True),
    "removePasskey": Entry(PERSON, absent=True),
    "beginPasskeySignIn": Entry(PUBLIC),
    "signInWithPasskey": Entry(PUBLIC),
    "listSessions": Entry(PERSON),
    "endSession": Entry(PERSON, absent=True),
    "endOtherSessions": Entry(PERSON),
    "makeToken": Entry(PERSON, {"name": "x", "scopes": ["read"]}),
    "listTokens": Entry(PERSON),
    "revokeToken": Entry(PERSON, absent=True),
    "getMethods": Entry(PUBLIC),
    "removeIdentity": Entry(PERSON, absent=True),
    # organisations
    "createOrg": Entry(PERSON, {"name": "another"}),
    "listOrgs": Entry(PERSON),
    "getOrg": Entry("org.read"),
    "updateOrg": Entry("org.change", {"name": "renamed"}),
    "deleteOrg": Entry("org.delete", spoils=True),
    "restoreOrg": Entry("org.restore"),
    "listMembers": Entry("members.read"),
    "addMember": Entry("members.change", {"email": "nobody@example.com", "role": "viewer"}),
    "updateMember": Entry("members.change", {"role": "viewer"}),
    "removeMember": Entry("members.change", spoils=True),
    "leaveOrg": Entry("org.leave", spoils=True),
    "transferOrg": Entry("org.transfer", {"memberId": "{memberId}"}, spoils=True),
    "listInvitations": Entry("invitations.read"),
    "resendInvitation": Entry("members.change"),
    "revokeInvitation": Entry("members.change", spoils=True),
    "lookAtInvitation": Entry(PUBLIC),
    "acceptInvitation": Entry(PERSON, {"token": "x"}, absent=True),
    "registerByInvitation": Entry(PUBLIC),
    "listAuditLog": Entry("audit.read"),
    "exportAuditLog": Entry("audit.read"),
    "verifyAuditLog": Entry("audit.read"),
    # projects
    "createProject": Entry("project.make", {"name": "another", "orgId": "{orgId}"}),
    "createProjectWithKey": Entry("project.make", {"name": "another", "orgId": "{orgId}"}),
    "createWebsite": Entry("project.make", {"name": "another", "domain": "x.example", "orgId": "{orgId}"}),
    "listProjects": Entry(ANYONE),
    "listWebsites": Entry(ANYONE),
    "getProject": Entry("project.read"),
    "updateProject": Entry("project.change", {"name": "renamed"}),
    "deleteProject": Entry("project.delete", spoils=True),
    "deleteWebsite": Entry("project.delete", spoils=True),
    "listProjectRoles": Entry("project-roles.read"),
    "setProjectRole": Entry("project-roles.change", {"role": "viewer"}),
    "removeProjectRole": Entry("project-roles.change", spoils=True),
    "getCollection": Entry("project.read"),
    "setCollection": Entry("project.change", {}),
    "listApiKeys": Entry("keys.read"),
    "createApiKey": Entry("keys.change", {"label": "x"}),
    "updateApiKey": Entry("keys.change", {"label": "x"}),
    "rotateApiKey": Entry("keys.change", {}),
    "deleteApiKey": Entry("keys.change", spoils=True),
    "listEventSchemas": Entry("schemas.read"),
    "createEventSchema": Entry("schemas.change", {"eventName": "other", "schema": {}}),
    "getEventSchema": Entry("schemas.read"),
    "updateEventSchema": Entry("schemas.change", {"mode": "reject"}),
    "deleteEventSchema": Entry("schemas.change", spoils=True),
    "createTenant": Entry(PUBLIC),  # asks for a key of its own: tests/control/test_projects.py
    # billing
    "listPlans": Entry(PUBLIC),
    "getUsage": Entry("org.read", query={"orgId": "{orgId}"}),
    # reading
    "overview": _READ,
    "timeseries": _READ,
    "topErrors": _READ,
    "metric": _METRIC,
    "countEvents": _READ,
    "eventsByType": _READ,
    "eventsTimeline": _READ,
    "summary": _READ,
    "listEvents": _READ,
    "listSummaries": Entry("project.read", query=_PROJECT | {"metric": "event_count", "periodType": "daily"}),
    "listErrors": _READ,
    "getError": Entry("project.read", query=_PROJECT, absent=True),
    "updateError": Entry("insights.change", {"status": "ignored"}, query=_PROJECT, absent=True),
    "listPersons": Entry("project.read"),
    "getPerson": Entry("project.read", absent=True),
    "listPersonEvents": Entry("project.read", absent=True),
    "erasePerson": Entry("persons.erase"),
    "getIngestion": Entry("ingestion.read"),
    "getCatalog": Entry("ingestion.read"),
    # questions and what is kept of them
    "trends": Entry("project.read", _PROJECT),
    "funnel": Entry("project.read", _PROJECT | {"steps": [{"event": "x"}]}),
    "funnelUsers": Entry("project.read", _PROJECT | {"steps": [{"event": "x"}], "step": 1}),
    "retention": Entry("project.read", _PROJECT),
    "retentionUsers": Entry("project.read", _PROJECT | {"range": "4w", "cohorts": "recurring", "cohort": "x", "k": 0}),
    "churn": Entry("project.read", _PROJECT),
    "sessions": Entry("project.read", _PROJECT),
    "paths": Entry("project.read", _PROJECT),
    "insightsCatalog": Entry(ANYONE),
    "insightsProperties": _READ,
    "createGoal": Entry("insights.change", {"name": "another", "kind": "event", "match": "signup"}),
    "listGoals": Entry("insights.read"),
    "getGoal": Entry("insights.read"),
    "updateGoal": Entry("insights.change", {"match": "/thanks", "kind": "page"}),
    "deleteGoal": Entry("insights.change", spoils=True),
    "siteOverview": Entry("project.read"),
    "siteTimeseries": Entry("project.read"),
    "topPages": Entry("project.read"),
    "siteBreakdown": Entry("project.read", query={"by": "country"}),
    "siteRealtime": Entry("project.read"),
    "siteGoals": Entry("project.read"),
    "apiOverview": _READ,
    "apiEndpoints": _READ,
    "apiConsumers": _READ,
    "apiTimeseries": _READ,
    "apiStatuses": _READ,
    "apiHeatmap": _READ,
    "createSegment": Entry("insights.change", {"name": "another", "filters": []}),
    "listSegments": Entry("insights.read"),
    "getSegment": Entry("insights.read"),
    "updateSegment": Entry("insights.change", {"description": "x"}),
    "deleteSegment": Entry("insights.change", spoils=True),
    "createInsight": Entry("insights.change", {"name": "x", "kind": "trends", "spec": {}}),
    "listInsights": Entry("insights.read"),
    "getInsight": Entry("insights.read"),
    "updateInsight": Entry("insights.change", {"description": "x"}),
    "deleteInsight": Entry("insights.change", spoils=True),
    "getInsightResult": Entry("insights.read"),
    # admin
    "impersonate": Entry(SUPERADMIN, {"reason": "a ticket"}),
    "endImpersonation": Entry(PERSON),
    "listAllOrgs": Entry(SUPERADMIN),
    "getAnyOrg": Entry(SUPERADMIN),
    "updateAnyOrg": Entry(SUPERADMIN, {}),
    "listAllUsers": Entry(SUPERADMIN),
    "getAnyUser": Entry(SUPERADMIN),
    "updateAnyUser": Entry(SUPERADMIN, {}),
    "getSettings": Entry(SUPERADMIN),
    "updateSettings": Entry(SUPERADMIN, {}),
    "getStats": Entry(SUPERADMIN),
    "listJobs": Entry(SUPERADMIN),
    "listJobRuns": Entry(SUPERADMIN),
    "runJob": Entry(SUPERADMIN),
    "searchAllEvents": Entry(SUPERADMIN),
    "listOutbox": Entry(SUPERADMIN),
    "getOutboxLetter": Entry(SUPERADMIN),
    "resendOutboxLetter": Entry(SUPERADMIN),
    "listPlatformLog": Entry(SUPERADMIN),
    "previewMail": Entry(SUPERADMIN),
    "listAllDeadLetters": Entry(SUPERADMIN),
    "getAnyDeadLetter": Entry(SUPERADMIN),
    "discardAnyDeadLetter": Entry(SUPERADMIN),
    "replayAnyDeadLetter": Entry(SUPERADMIN),
    "listDeadLetters": Entry("dead-letters.handle"),
    "getDeadLetter": Entry("dead-letters.handle", absent=True),
    "discardDeadLetter": Entry("dead-letters.handle", absent=True),
    "replayDeadLetter": Entry("dead-letters.handle", absent=True),
    "getBacklog": Entry(ANYONE),
    "healthLive": Entry(PUBLIC),
    "healthReady": Entry(PUBLIC),
    # doors
    "ingestEvent": Entry(DOOR),
    "ingestBatch": Entry(DOOR),
    "trackCalls": Entry(DOOR),
    "trackVisit": Entry(DOOR),
    "sendEvent": Entry(DOOR),
    "sendCustomEvent": Entry(DOOR),
    "sendEvents": Entry(DOOR),
    "trackPicture": Entry(DOOR),
}
