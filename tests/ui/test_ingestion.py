"""Bringing documents in: a folder is handed over, watched until nothing waits, and each refusal has its reason."""

from streamlit.testing.v1 import AppTest

from tests.ui.conftest import Open, words
from tests.ui.peer import api as peer
from tests.ui.test_ask import click


def tab(app: AppTest, name: str) -> AppTest:
    next(one for one in app.button_group if one.label == "What to do").set_value(name).run()
    return app


def hand_in(app: AppTest, *names: str) -> AppTest:
    app.get("file_uploader")[0].set_value([(name, b"x" * 10, "text/plain") for name in names]).run()
    return click(app, f"Bring in {len(names)}")


def test_each_file_is_handed_in_under_one_submission(opened: Open, said: peer.Said) -> None:
    hand_in(opened("sten", page="ingestion"), "a.txt", "b.txt")
    assert said.bodies == [("a.txt", 10), ("b.txt", 10)]
    posts = [path for _, method, path in said.calls if method == "POST"]
    assert "submission=" not in posts[0]
    assert "submission=s1" in posts[1]


def test_the_drop_zone_is_emptied_so_that_memory_is_free_again(opened: Open) -> None:
    app = hand_in(opened("sten", page="ingestion"), "a.txt")
    assert not app.get("file_uploader")[0].value


def test_progress_is_shown_until_nothing_waits(opened: Open, said: peer.Said) -> None:
    app = hand_in(opened("sten", page="ingestion"), "a.txt")
    assert "1 of 3 done" in app.get("progress")[0].text
    said.looks = 9
    app.run()
    shown = words(app)
    assert "3 of 3 done" in app.get("progress")[0].text
    assert "Nothing waits any more" in shown
    assert "Secret plans.pdf" in shown
    assert "refused: encrypted" in shown.replace("\\", "")


def test_one_that_is_not_taken_is_named_and_the_others_go_on(opened: Open, said: peer.Said) -> None:
    said.fails["POST /documents"] = peer.problem(413, "too-large")
    app = hand_in(opened("sten", page="ingestion"), "huge.bin", "b.txt")
    shown = words(app)
    assert len([one for _, method, _ in said.calls if method == "POST" for one in [method]]) == 2
    assert "huge.bin" in shown
    assert "larger than the hub takes" in shown


def test_documents_are_listed_with_state_and_reason(opened: Open) -> None:
    shown = words(tab(opened("sten", page="ingestion"), "documents")).replace("\\", "")
    assert "2 of 5 documents refused: 1 encrypted, 1 of a type the hub can't read yet" in shown
    assert "waits for a person" in shown


def test_a_state_is_chosen_by_its_pill(opened: Open) -> None:
    app = tab(opened("sten", page="ingestion"), "documents")
    next(one for one in app.button_group if one.label == "State").set_value(["held"]).run()
    names = [one.value for one in app.text]
    assert "Letter.pdf" in names
    assert "Minutes.docx" not in names


def test_withdrawing_needs_a_reason(opened: Open) -> None:
    app = click(tab(opened("sten", page="ingestion"), "documents"), "Withdraw")
    button = next(one for one in app.button if one.label == "Withdraw it")
    assert button.disabled


def test_a_change_shows_what_it_touches_before_it_is_made(opened: Open, said: peer.Said) -> None:
    app = tab(opened("sten", page="ingestion"), "card")
    assert "Nothing is changed" in words(app)
    app.text_input[0].set_value("Tide Gauges, new").run()
    assert "This changes: Title." in app.warning[0].value
    assert "12 documents" in app.warning[0].value
    assert said.bodies == []
    click(app, "Change it")
    assert said.bodies == [{"title": "Tide Gauges, new"}]


def test_a_new_dataset_says_what_is_missing(opened: Open) -> None:
    app = click(opened("sten", page="ingestion"), "New dataset")
    assert "Still missing: Title, May be stored in" in words(app)
    assert next(one for one in app.button if one.label == "Create").disabled


def test_a_fault_in_a_field_is_named(opened: Open, said: peer.Said) -> None:
    said.fails["PATCH /datasets/tide-gauges"] = peer.problem(
        422, "invalid", errors=[{"field": "title", "message": "is taken"}]
    )
    app = tab(opened("sten", page="ingestion"), "card")
    app.text_input[0].set_value("Dikes").run()
    click(app, "Change it")
    assert "is taken" in words(app)


def test_a_steward_without_a_dataset_is_told_to_make_one(
    opened: Open,
    said: peer.Said,
) -> None:
    said.empty = True
    assert "Make one with “New dataset”" in words(opened("sten", page="ingestion"))


def test_a_document_with_tags_of_its_own_and_one_out_of_place_say_so(opened: Open) -> None:
    shown = words(tab(opened("sten", page="ingestion"), "documents")).replace("\\", "")
    assert "Stricter than its dataset: secret · May be reached from: DE" in shown
    assert "It lies where it may not any more" in shown
    assert "marked stricter than declared (A marking printed in it asks for secret at least.)" in shown


def test_files_are_handed_in_with_the_tags_that_were_chosen(opened: Open, said: peer.Said) -> None:
    app = opened("sten", page="ingestion")
    next(one for one in app.button_group if one.label == "Classification").set_value("secret").run()
    next(one for one in app.multiselect if one.label == "May be reached from").set_value(["DE"]).run()
    hand_in(app, "a.txt")
    (post,) = [path for _, method, path in said.calls if method == "POST"]
    assert "classification=secret" in post
    assert "access_from=DE" in post
    assert "store_in" not in post


def test_a_document_is_made_stricter_from_what_it_says_already(opened: Open) -> None:
    app = click(tab(opened("sten", page="ingestion"), "documents"), "Make stricter")
    level = next(one for one in app.button_group if one.label == "Classification")
    assert (level.value, "internal" in level.options) == ("secret", False)
    assert next(one for one in app.multiselect if one.label == "May be reached from").value == ["DE"]
    assert "They hold at once" in words(app)


def test_a_held_document_is_decided_with_a_reason(opened: Open) -> None:
    for act, do in (("Release", "Release it"), ("Refuse", "Refuse it")):
        app = click(tab(opened("sten", page="ingestion"), "documents"), act)
        assert next(one for one in app.button if one.label == do).disabled
        assert "marked stricter than declared" in words(app)
