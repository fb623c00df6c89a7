"""Projects, their keys, and what a key allows."""

from pulseboard.projects.collecting import Collected, Collecting
from pulseboard.projects.collection import Collection, MaskRule
from pulseboard.projects.collection_routes import routes as _collection_routes
from pulseboard.projects.event_schemas import EventRule, EventRules
from pulseboard.projects.event_schemas import routes as _event_schema_routes
from pulseboard.projects.grants import Grant, Grants
from pulseboard.projects.hosts import host_allowed, origin_allowed
from pulseboard.projects.key_routes import routes as _key_routes
from pulseboard.projects.models import Project
from pulseboard.projects.operator import (
    any_project,
    drop_project,
    living_projects,
    make_demo_project,
    names_of,
    projects_deleted_before,
)
from pulseboard.projects.other_routes import routes as _other_routes
from pulseboard.projects.role_routes import routes as _role_routes
from pulseboard.projects.routes import routes as _routes
from pulseboard.projects.scope import project_for, visible_projects
from pulseboard.projects.service import ensure_system_project
from pulseboard.projects.terms import Allowance, GivenPlans, Plans, Terms
from pulseboard.projects.views import KeyView, ProjectView, key_views

routes = [*_routes, *_key_routes, *_role_routes, *_other_routes, *_collection_routes, *_event_schema_routes]

__all__ = [
    "Allowance",
    "Collected",
    "Collecting",
    "Collection",
    "EventRule",
    "EventRules",
    "GivenPlans",
    "Grant",
    "Grants",
    "KeyView",
    "MaskRule",
    "Plans",
    "Project",
    "ProjectView",
    "Terms",
    "any_project",
    "drop_project",
    "ensure_system_project",
    "host_allowed",
    "key_views",
    "living_projects",
    "make_demo_project",
    "names_of",
    "origin_allowed",
    "project_for",
    "projects_deleted_before",
    "routes",
    "visible_projects",
]
