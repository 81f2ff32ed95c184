"""A fault of ours: a number for the person and the log, the place for the log, no value for anybody."""

import logging

import pytest
from streamlit.testing.v1 import AppTest

from ui.faults import TALKATIVE, Discreet, be_discreet, show

TYPED = "what a person typed"


def broken() -> ValueError:
    with pytest.raises(ValueError, match=TYPED) as caught:
        int(TYPED)
    return caught.value


def test_the_log_has_kind_place_and_number_but_no_value(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "ui"):
        assert show(broken())
    assert "ValueError at test_faults.py:" in caplog.text
    assert TYPED not in caplog.text


def test_the_person_gets_a_sentence_and_the_number() -> None:
    def script() -> None:
        from ui.faults import show

        try:
            int("x")
        except ValueError as error:
            show(error)

    app = AppTest.from_function(script).run()
    assert "Something went wrong that should not" in app.error[0].value
    assert "Number for whoever helps you" in app.caption[0].value


def test_streamlits_own_log_of_a_fault_keeps_its_kind_only() -> None:
    error = broken()
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "Uncaught %s", ("run",), (ValueError, error, None))
    assert Discreet().filter(record)
    assert logging.Formatter().format(record) == "Uncaught run (ValueError)"


def test_a_line_without_a_fault_stays_as_it_is() -> None:
    record = logging.LogRecord("x", logging.INFO, "f", 1, "started %s", ("now",), None)
    assert Discreet().filter(record)
    assert record.getMessage() == "started now"


def test_the_filter_stands_where_streamlit_talks() -> None:
    be_discreet()
    for name in TALKATIVE:
        logger = logging.getLogger(name)
        found = [one for one in logger.filters if isinstance(one, Discreet)]
        assert found, name
        for one in found:
            logger.removeFilter(one)
