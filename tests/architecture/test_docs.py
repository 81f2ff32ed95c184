import re

from tests.architecture.write_docs import ROOT, RULES, rules_table, with_rules


def test_the_rules_in_the_readme_are_the_rules_in_force() -> None:
    text = RULES.read_text(encoding="utf-8")
    assert text == with_rules(text), "run: python -m tests.architecture.write_docs"
    assert rules_table().count("\n") > 10


def test_every_link_between_documents_leads_somewhere() -> None:
    for document in (ROOT / "README.md", *ROOT.glob("*/README.md")):
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_every_room_a_readme_names_is_there() -> None:
    for package in ("catalog", "hub", "ingest", "migrations"):
        text = (ROOT / package / "README.md").read_text(encoding="utf-8")
        for cell in re.findall(r"^\| (`.*?) \|", text, re.MULTILINE):
            for room in re.findall(r"`([\w./]+(?:\.\w+|/))`", cell):
                assert (ROOT / package / room).exists(), f"{package}/README.md names {room}"
