"""Composition root of the API: settings → databases, models, store, tokens → routes."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from starlette.middleware import Middleware

from catalog.db import Database
from catalog.settings import load
from catalog.store_settings import StoreSettings
from catalog.vocabulary import Purpose
from hub.api import (
    agents,
    alerts,
    audit,
    ceilings,
    datasets,
    document_tags,
    documents,
    explanations,
    findings,
    pages,
    previews,
    problems,
    public_metadata,
    questions,
    reports,
    residency,
    search,
    service_accounts,
    sessions,
    step_ups,
    system,
    violations,
)
from hub.api.doors import rule_of
from hub.api.hub import Hub
from hub.api.middleware import Frame, KnownHosts, SmallBodies
from hub.api.openapi import Described
from hub.api.zones import Zones
from hub.identity import Exchanger, KeyFile, LogoutVerifier, Registrar, TokenRules, Verifier
from hub.identity.registrar import SERVICE
from hub.services import open_services
from hub.settings import DoorSettings

ROUTERS = (
    *(
        system.router,
        sessions.router,
        agents.router,
        service_accounts.router,
        questions.router,
        search.router,
        pages.router,
    ),
    *(datasets.router, ceilings.router, public_metadata.router, documents.router, document_tags.router),
    *(residency.router, violations.router),
    *(audit.router, step_ups.router, alerts.router),
    *(previews.router, explanations.router, reports.router, findings.router),
)
AUDIENCE = "hub-api"
CLIENTS = frozenset({"hub-ui", "hub-cli"})
REGISTRAR = "hub-registrar"
#: The audiences of agents' tokens, each one purpose; a steward's reading of what is held is nobody else's.
AGENTS = {f"hub-agent-{purpose}": purpose for purpose in Purpose if purpose is not Purpose.REVIEW}


def create_app(hub: Hub, zones: Mapping[str, str]) -> FastAPI:
    """Build the routes over what they need; SettingsError for a route without a declared rule.

    `zones`: the network zone that each socket's requests come in through.
    """
    app = _with_routes(
        [
            Middleware(Zones, by_socket=zones),
            Middleware(Frame),
            Middleware(KnownHosts, hosts=hub.settings.api_hosts),
            Middleware(SmallBodies, most_bytes=hub.settings.max_request_bytes),
        ]
    )
    app.state.hub = hub
    problems.install(app)
    return app


def document() -> dict[str, Any]:
    """Return the OpenAPI document; needs nothing that runs."""
    return _with_routes([]).openapi()


def _with_routes(middleware: list[Middleware]) -> FastAPI:
    routes = [route for router in ROUTERS for route in router.routes]
    for route in routes:
        rule_of(route)
    return Described(
        title="Sovereign data hub",
        version=version("sovereign-data-hub"),
        summary="Ask documents that stay where they are.",
        docs_url=None,  # its page would load scripts from elsewhere
        redoc_url=None,
        openapi_url=None,  # `hub openapi` prints it
        redirect_slashes=False,  # an address has one spelling
        middleware=middleware,
        routes=routes,  # as they are: included, each would be built once more, 75 ms of the first request
    )


def build(settings: DoorSettings) -> Hub:
    """Open what the routes need."""
    steward, auditor = settings.database_password_steward, settings.database_password_auditor
    keys = KeyFile(settings.issuer_keys_file)
    rules = TokenRules(issuer=settings.issuer_url, audience=AUDIENCE, clients=CLIENTS, agents=AGENTS, services=SERVICE)
    return Hub(
        services=open_services(settings),
        stewards=Database(settings.url("hub_steward").set(password=steward.get_secret_value())),
        auditors=Database(settings.url("hub_auditor").set(password=auditor.get_secret_value())),
        store=load(StoreSettings).store(settings.store_place),
        verifier=Verifier(keys, rules),
        farewells=LogoutVerifier(keys, issuer=settings.issuer_url, clients=CLIENTS),
        settings=settings,
        exchanger=_exchanger(settings),
        registrar=_registrar(settings),
        writers=ThreadPoolExecutor(settings.answers_at_once, thread_name_prefix="answer"),
    )


def _exchanger(settings: DoorSettings) -> Exchanger | None:
    socket, secret = settings.issuer_socket, settings.issuer_api_secret
    if socket is None or secret is None:
        return None
    return Exchanger(issuer=settings.issuer_url, socket=socket, client=AUDIENCE, secret=secret)


def _registrar(settings: DoorSettings) -> Registrar | None:
    socket, secret = settings.issuer_socket, settings.issuer_registrar_secret
    if socket is None or secret is None:
        return None
    return Registrar(issuer=settings.issuer_url, socket=socket, client=REGISTRAR, secret=secret, audience=AUDIENCE)
