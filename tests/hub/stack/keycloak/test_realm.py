"""The realm file holds what Keycloak needs to be told, in the shape that it doesn't drop without a word."""

import json
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import pytest

from catalog.residency import is_place
from catalog.vocabulary import Classification, Purpose, Role
from hub.identity.verification import MAX_LIFE_S
from hub.stack.keycloak import realm as writing
from hub.stack.keycloak.people import ORGANISATIONS, PEOPLE

REALM: dict[str, Any] = json.loads(writing.REALM_FILE.read_text(encoding="utf-8"))
CLIENTS: dict[str, dict[str, Any]] = {client["clientId"]: client for client in REALM["clients"]}
USERS: dict[str, dict[str, Any]] = {user["username"]: user for user in REALM["users"]}
#: The one account that is nobody's.
REGISTRAR = USERS.pop("service-account-hub-registrar")
SIGN_IN = ("hub-ui", "hub-cli")


def mappers(client: str) -> dict[str, dict[str, Any]]:
    return {mapper["protocolMapper"] + ":" + mapper["name"]: mapper for mapper in CLIENTS[client]["protocolMappers"]}


def named(client: str, name: str) -> dict[str, Any]:
    (found,) = [mapper["config"] for mapper in CLIENTS[client]["protocolMappers"] if mapper["name"] == name]
    return dict(found)


def profile() -> dict[str, Any]:
    (provider,) = REALM["components"]["org.keycloak.userprofile.UserProfileProvider"]
    assert provider["providerId"] == "declarative-user-profile"
    (config,) = provider["config"]["kc.user.profile.config"]
    return {attribute["name"]: attribute for attribute in json.loads(config)["attributes"]}


def words(value: object) -> set[str]:
    """Every key of an object, however deep."""
    match value:
        case dict():
            return {*value, *(word for inner in value.values() for word in words(inner))}
        case list():
            return {word for inner in value for word in words(inner)}
    return set()


def test_the_committed_file_is_what_the_script_writes() -> None:
    assert writing.REALM_FILE.read_text(encoding="utf-8") == writing.text(), "run: python -m hub.stack.keycloak.realm"


def test_the_file_holds_no_credential_and_no_key() -> None:
    assert not words(REALM) & {"credentials", "secret", "value", "privateKey", "secretData", "otpPolicyType"}
    assert "org.keycloak.keys.KeyProvider" not in REALM["components"]


def test_no_client_scopes_are_written_or_keycloak_makes_none_and_tokens_have_no_subject() -> None:
    assert "clientScopes" not in REALM
    assert all(CLIENTS[name]["defaultClientScopes"] == ["basic", "roles"] for name in SIGN_IN)


def test_every_attribute_a_person_has_is_declared_and_only_an_administrator_may_change_it() -> None:
    declared = profile()
    for user in USERS.values():
        assert set(user["attributes"]) <= set(declared)
    assert all(attribute["permissions"]["edit"] == ["admin"] for attribute in declared.values())
    assert set(declared) >= {"username", "email", "firstName", "lastName"}, "Keycloak refuses a profile without these"


def test_no_profile_field_is_demanded_of_a_person_who_signs_in() -> None:
    assert all("required" not in attribute for attribute in profile().values())


@pytest.mark.parametrize("name", SIGN_IN)
def test_a_client_people_sign_in_with_is_public_with_pkce_and_nothing_else(name: str) -> None:
    client = CLIENTS[name]
    assert client["publicClient"]
    assert client["attributes"]["pkce.code.challenge.method"] == "S256"
    assert client["attributes"]["access.token.header.type.rfc9068"] == "true"
    off = ("implicitFlowEnabled", "directAccessGrantsEnabled", "serviceAccountsEnabled", "fullScopeAllowed")
    assert [client[flow] for flow in off] == [False] * 4
    assert client["webOrigins"] == []


def test_the_ui_signs_in_by_code_and_the_command_line_by_device() -> None:
    device = "oauth2.device.authorization.grant.enabled"
    assert (CLIENTS["hub-ui"]["standardFlowEnabled"], CLIENTS["hub-cli"]["standardFlowEnabled"]) == (True, False)
    assert device not in CLIENTS["hub-ui"]["attributes"]
    assert CLIENTS["hub-cli"]["attributes"][device] == "true"
    assert CLIENTS["hub-cli"]["redirectUris"] == []


def test_redirects_are_exact_addresses() -> None:
    ui = CLIENTS["hub-ui"]
    after = ui["attributes"]["post.logout.redirect.uris"].split("##")
    assert ui["redirectUris"] == ["http://localhost:8080/oauth2callback"]
    assert after == ["http://localhost:8080/oauth2callback", "http://localhost:8080/"]
    assert not [uri for uri in (*ui["redirectUris"], *after) if "*" in uri or "+" in uri]


@pytest.mark.parametrize("name", ["hub-api", "hub-worker", "hub-registrar"])
def test_a_client_with_a_secret_signs_nobody_in(name: str) -> None:
    client = CLIENTS[name]
    flows = ("standardFlowEnabled", "implicitFlowEnabled", "directAccessGrantsEnabled", "fullScopeAllowed")
    assert [client[flow] for flow in flows] == [False] * 4
    assert (client["publicClient"], client["redirectUris"]) == (False, [])
    assert client["serviceAccountsEnabled"] is (name != "hub-api")


def test_the_api_exchanges_tokens_for_agents_of_one_purpose_that_end_sooner() -> None:
    api = CLIENTS["hub-api"]
    assert api["attributes"]["standard.token.exchange.enabled"] == "true"
    assert int(api["attributes"]["access.token.lifespan"]) < REALM["accessTokenLifespan"]
    agents = {f"hub-agent-{purpose}" for purpose in Purpose if purpose != "review"}
    named = {one["config"].get("included.client.audience") for one in api["protocolMappers"]} - {None}
    assert named == agents
    assert all(CLIENTS[agent]["bearerOnly"] for agent in agents)
    assert set(CLIENTS) == {*SIGN_IN, "hub-api", "hub-worker", "hub-registrar", "admin-cli", *agents}


def test_the_workers_account_has_no_role_and_no_audience() -> None:
    assert CLIENTS["hub-worker"]["protocolMappers"] == []
    assert [one["client"] for one in REALM["clientScopeMappings"]["hub-api"]] == list(SIGN_IN)


def test_the_registrar_keeps_clients_and_nothing_else_and_nobody_else_does() -> None:
    assert CLIENTS["hub-registrar"]["protocolMappers"] == []
    assert REGISTRAR["serviceAccountClientId"] == "hub-registrar"
    assert REGISTRAR["clientRoles"] == {"realm-management": ["manage-clients"]}
    assert REALM["clientScopeMappings"]["realm-management"] == [
        {"client": "hub-registrar", "roles": ["manage-clients"]}
    ]
    assert all(set(user["clientRoles"]) == {"hub-api"} for user in USERS.values())


def test_keycloaks_own_client_that_takes_a_password_alone_is_off() -> None:
    assert not CLIENTS["admin-cli"]["enabled"]
    assert not CLIENTS["admin-cli"]["directAccessGrantsEnabled"]


@pytest.mark.parametrize("name", SIGN_IN)
def test_a_client_people_sign_in_with_is_told_when_a_session_ends(name: str) -> None:
    attributes = CLIENTS[name]["attributes"]
    assert attributes["backchannel.logout.url"] == "http://localhost:8081/sessions/ended"
    assert attributes["backchannel.logout.session.required"] == "true"


def test_each_role_that_keeps_the_hub_needs_a_second_factor_and_is_asked_once() -> None:
    flows = {flow["alias"]: flow["authenticationExecutions"] for flow in REALM["authenticationFlows"]}
    settings = {one["alias"]: one["config"] for one in REALM["authenticatorConfig"]}
    asked = []
    for step in flows["hub forms"][1:]:
        assert step["requirement"] == "CONDITIONAL"
        *conditions, code = flows[step["flowAlias"]]
        assert (code["authenticator"], code["requirement"]) == ("auth-otp-form", "REQUIRED")
        said = [settings[one["authenticatorConfig"]] for one in conditions]
        asked.append([(one["condUserRole"].removeprefix("hub-api."), one["negate"]) for one in said])
    assert asked == [
        [("steward", "false")],
        [("admin", "false"), ("steward", "true")],
        [("auditor", "false"), ("steward", "true"), ("admin", "true")],
    ]


def test_a_password_is_long_and_not_a_name_and_not_one_of_the_last() -> None:
    policy = REALM["passwordPolicy"].split(" and ")
    assert policy == ["length(12)", "maxLength(128)", "notUsername", "notEmail", "passwordHistory(5)"]


@pytest.mark.parametrize("name", SIGN_IN)
def test_roles_reach_a_token_although_a_client_has_no_full_scope(name: str) -> None:
    mapped = {one["client"]: one["roles"] for one in REALM["clientScopeMappings"]["hub-api"]}
    assert mapped[name] == [str(role) for role in Role]
    assert "scopeMappings" not in REALM


@pytest.mark.parametrize("name", SIGN_IN)
def test_the_access_token_holds_what_the_hub_decides_by_and_no_name(name: str) -> None:
    in_access = {key for key, one in mappers(name).items() if one["config"]["access.token.claim"] == "true"}
    assert in_access == {
        "oidc-audience-mapper:audience",
        "oidc-group-membership-mapper:groups",
        "oidc-amr-mapper:amr",
        *(f"oidc-usermodel-attribute-mapper:{one}" for one in ("jurisdiction", "clearance", "affiliation")),
    }
    assert named(name, "audience")["included.client.audience"] == "hub-api"
    assert named(name, "groups")["full.path"] == "true"
    assert all(one["config"]["userinfo.token.claim"] == "false" for one in mappers(name).values())


@pytest.mark.parametrize("name", SIGN_IN)
def test_the_id_token_greets_and_decides_nothing(name: str) -> None:
    in_id = {one["name"] for one in CLIENTS[name]["protocolMappers"] if one["config"]["id.token.claim"] == "true"}
    assert in_id == {"amr", "name", "username"}


def test_what_a_person_proved_themselves_by_comes_into_amr_for_as_long_as_a_session_may_last() -> None:
    methods = {
        one["alias"]: one["config"] for one in REALM["authenticatorConfig"] if "condUserRole" not in one["config"]
    }
    assert {one["default.reference.value"] for one in methods.values()} == {"pwd", "otp"}
    assert all(int(one["default.reference.maxAge"]) >= REALM["ssoSessionMaxLifespan"] for one in methods.values())


def test_the_flow_of_our_own_is_the_one_in_use_and_its_steps_exist() -> None:
    flows = {flow["alias"]: flow for flow in REALM["authenticationFlows"]}
    assert flows[REALM["browserFlow"]]["topLevel"]
    steps = [step for flow in flows.values() for step in flow["authenticationExecutions"]]
    assert {step["flowAlias"] for step in steps if step["authenticatorFlow"]} == set(flows) - {REALM["browserFlow"]}
    settings = {one["alias"] for one in REALM["authenticatorConfig"]}
    assert {step["authenticatorConfig"] for step in steps if "authenticatorConfig" in step} == settings


def test_a_token_lives_no_longer_than_the_hub_takes() -> None:
    assert REALM["accessTokenLifespan"] == MAX_LIFE_S
    assert REALM["accessCodeLifespan"] == 60
    lives = [client.get("attributes", {}).get("access.token.lifespan", "300") for client in REALM["clients"]]
    assert max(int(life) for life in lives) == MAX_LIFE_S


def test_passwords_are_guarded_and_nobody_registers_alone() -> None:
    assert REALM["bruteForceProtected"]
    assert REALM["failureFactor"] == 5
    assert not REALM["registrationAllowed"]
    assert not REALM["resetPasswordAllowed"]
    assert REALM["revokeRefreshToken"]
    assert REALM["refreshTokenMaxReuse"] == 0


def test_roles_are_the_vocabularys() -> None:
    assert [role["name"] for role in REALM["roles"]["client"]["hub-api"]] == list(Role)
    assert "realm" not in REALM["roles"]


def test_the_people_are_those_of_the_demo() -> None:
    rows = {
        slug: (
            f"{user['firstName']} {user['lastName']}",
            user["groups"],
            user["attributes"]["jurisdiction"],
            user["attributes"]["clearance"],
            user["clientRoles"]["hub-api"],
        )
        for slug, user in USERS.items()
    }
    assert rows == {
        "ada": ("Ada Lind", ["/coast-institute"], ["DE"], ["secret"], ["researcher"]),
        "luc": ("Luc Perrin", ["/coast-institute"], ["FR"], ["secret"], ["researcher"]),
        "mia": ("Mia Sander", ["/tidewise"], ["DE"], ["internal"], ["founder"]),
        "sten": ("Sten Brandt", ["/water-board"], ["DE"], ["secret"], ["steward"]),
        "rosa": ("Rosa Keller", ["/ministry-of-health"], ["DE"], ["secret"], ["reviewer"]),
        "anton": ("Anton Weiss", ["/hub-office"], ["DE"], ["internal"], ["admin"]),
        "ines": ("Ines Duarte", ["/court-of-audit"], ["DE"], ["secret"], ["auditor"]),
    }


@pytest.mark.parametrize("slug", [person.slug for person in PEOPLE])
def test_a_person_has_the_same_id_everywhere(slug: str) -> None:
    assert UUID(USERS[slug]["id"]) == uuid5(NAMESPACE_URL, f"https://hub.example/people/{slug}")


def test_what_is_attested_of_people_are_words_the_hub_knows() -> None:
    for user in USERS.values():
        attested = {name: values[0] for name, values in user["attributes"].items()}
        assert is_place(attested["jurisdiction"])
        assert attested["clearance"] in list(Classification)
        assert attested["affiliation"] == ORGANISATIONS[user["groups"][0].removeprefix("/")]
    assert {group["path"] for group in REALM["groups"]} == {f"/{slug}" for slug in ORGANISATIONS}
