"""A fault of ours: the person gets a sentence and a number, the log the same number and the place, never a value."""

import logging
import traceback
from uuid import uuid4

from ui.components.notice import problem
from ui.problems import ApiError

log = logging.getLogger("ui")


#: Where Streamlit logs faults of scripts and of signing in, each with its message and trace.
TALKATIVE = ("streamlit.error_util", "streamlit.web.server.starlette.starlette_auth_routes")


class Discreet(logging.Filter):
    """Leaves of a logged fault its kind only: its message may hold what a person typed or read, or a token."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, without its exception."""
        if record.exc_info:
            kind = record.exc_info[0]
            record.msg = f"{record.getMessage()} ({kind.__name__ if kind else 'unknown'})"
            record.args, record.exc_info, record.exc_text = (), None, None
        return True


def be_discreet() -> None:
    """Install the filter."""
    for name in TALKATIVE:
        logging.getLogger(name).addFilter(Discreet())


def show(error: Exception) -> bool:
    """Show the fault and say that it was shown."""
    number = uuid4().hex[:8]
    where = [
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)
    ]
    log.error("fault %s: %s at %s", number, type(error).__name__, " < ".join(reversed(where[-6:])))
    problem(ApiError(slug="unexpected", request_id=number))
    return True
