"""The session's zone and the place of whoever keeps a dataset, let go of one line at a time."""

from collections.abc import Iterator
from typing import Final

from tests.prove.mutant import SQL, Mutant, mutant

ACCESS: Final = "tests/spec/test_access_from.py"
ZONES: Final = "tests/security/test_zones.py"
HELD: Final = "tests/security/test_held_to_access_from.py"
INGRESS: Final = "tests/hub/stack/test_ingress.py"
KEEPING: Final = "tests/spec/test_keeping.py"


def zone_mutants() -> Iterator[Mutant]:
    """Where a session comes in: told by its socket alone, registered, and bound to the decision."""
    file = "catalog/policy/facts.py"
    yield mutant("zones: an unregistered one is taken for every other", file,
                 "zones=tuple(one for one in zones if one.name == zone)", "zones=zones", ACCESS)  # fmt: skip
    file = "catalog/places.py"
    yield mutant("zones: a retired one still counts", file, ".where(asked, _registered())", ".where(asked)", ACCESS)
    yield mutant("zones: any place is one", file, "tuple(one for one in found.values() if one.kind is PlaceKind.ZONE)",
                 "tuple(found.values())", ACCESS)  # fmt: skip
    file = f"{SQL}/live_scope.sql"
    bound = "\n       AND d.zone = current_setting('hub.zone', true);"
    yield mutant("zones: a decision is of use in another", file, bound, ";",
                 f"{ZONES}::test_a_decision_made_in_one_zone_is_of_no_use_in_another")  # fmt: skip
    there = " AND z.retired_at IS NULL)"
    yield mutant("zones: a decision outlives its zone", file, there, ")",
                 f"{ZONES}::test_a_decision_ends_with_its_zone")  # fmt: skip
    file = "hub/api/zones.py"
    told, claims = 'self._by_socket.get(accepted_on, "")', f"{ZONES}::test_nothing_a_client_writes"
    claimed = f'dict(scope.get("headers", ())).get(b"x-hub-zone", b"").decode() or {told}'
    claims += "_makes_its_session_one_of_another_zone"
    yield mutant("zones: a header claims one", file, told, claimed, claims)
    stray = f"{ZONES}::test_a_socket_nobody_gave_a_zone_has_none"
    yield mutant("zones: a socket of none is of the site's", file, told, told.replace('""', '"zone"'), stray)
    yield mutant("zones: whoever asks comes in through any", "hub/ask.py", "purpose=purpose, here=here)",
                 "purpose=purpose, here=here.from_any_zone)", claims)  # fmt: skip
    shared = 'if len({path.with_suffix("") for path in self.sockets.values()}) < len(self.sockets):'
    yield mutant("zones: two share a socket", "hub/settings.py", shared, "if False:",
                 f"{ZONES}::test_two_zones_never_share_a_socket")  # fmt: skip
    leads = "**{(str(address), self.api_port): socket for address, socket in self.zones.items()}"
    all_home = leads.replace("): socket for", "): self.api_socket for")
    yield mutant("zones: the ingress leads all to the site's", "hub/stack/ingress.py", leads, all_home, INGRESS)
    yield from _keeping()


def _keeping() -> Iterator[Mutant]:
    """Stewards, admins and auditors are held to it, it is written down, and nobody shuts themselves out unawares."""
    outside = f"{HELD}::test_a_steward_attested_outside_reaches_nothing_they_keep_and_it_is_written_down"
    yield mutant("keeping: a steward is not held", "hub/api/doors.py", "if self.action is Action.MANAGE:", "if False:",
                 outside)  # fmt: skip
    file = "hub/api/reach.py"
    written = "            if shut is not None:\n                shut.write_down(session)\n"
    yield mutant("keeping: it is not written down", file, written, "", outside)
    for name in ("slug", "dataset", "document_id", "submission_id", "step_up_id"):
        yield mutant(f"keeping: not by {name}", file, f'    "{name}": ', f'    "no {name}": ', outside)
    admins = f"{HELD}::test_admins_and_auditors_ask_of_one_dataset_from_where_it_may_be_reached"
    asked = "    require_oversight_reach(hub, caller.subject, dataset)\n"
    yield mutant("keeping: an admin is not held (why)", "hub/api/explanations.py", asked, "", admins)
    shown = "        require_oversight_reach(hub, caller.subject, body.dataset)\n"
    yield mutant("keeping: an admin is not held (preview)", "hub/api/previews.py", shown, "        pass\n", admins)
    file = "catalog/policy/keeping.py"
    yield mutant("keeping: a document's own tags don't hold", file, ", own=kept.own)", ")",
                 f"{HELD}::test_a_documents_own_tags_hold_its_steward_and_may_not_shut_them_out")  # fmt: skip
    yield mutant("keeping: names out of reach are listed", "hub/api/documents.py",
                 "limit] if one.law_id in within]", "limit]]",
                 f"{HELD}::test_a_document_out_of_its_stewards_reach_is_not_named_in_the_list_either")  # fmt: skip
    yield mutant("keeping: names out of reach are told", "hub/api/reach.py",
                 "settled if one.law_id in within]", "settled]",
                 f"{HELD}::test_a_file_out_of_its_stewards_reach_is_counted_in_its_submission_not_named")  # fmt: skip
    file = "catalog/policy/keeping.py"
    locked = "    if (found := shut(kept, subject, here)) is not None:"
    yield mutant("keeping: one shuts oneself out", file, locked, locked.replace("is not None", "is None"), KEEPING)
    for of, where, line in (
        ("amended", "hub/api/datasets.py", "        amendments.amend(session, slug, Change(**body.model_dump()))\n"),
        ("tagged", "hub/api/document_tags.py",
         "        document_laws.retag(session, DocumentId(document_id), body.declared())\n"),
    ):  # fmt: skip
        after = "require_still_open(hub, session, caller.subject, keeping.by_"
        after += "slug(session, slug))\n" if of == "amended" else "document(session, document_id))\n"
        yield mutant(f"keeping: one shuts oneself out of what is {of}", where, f"{line}        {after}", line, HELD)
