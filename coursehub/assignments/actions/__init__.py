"""What people do with an assignment: write, add files, hand in; and what staff does: mark."""

from coursehub.assignments.actions.drafts import Conflict, Typed, save_draft
from coursehub.assignments.actions.files import (
    Announced,
    Stored,
    begin_file,
    end_file,
    forget_old,
    forget_unnamed,
    keep_file,
    mark_received,
    note_stored,
    take_out,
)
from coursehub.assignments.actions.marking import (
    Judgement,
    forget_comment,
    keep_comment,
    mark,
    release_all,
)
from coursehub.assignments.actions.reviewing import begin_review, end_review
from coursehub.assignments.actions.submissions import hand_in

__all__ = [
    "Announced",
    "Conflict",
    "Judgement",
    "Stored",
    "Typed",
    "begin_file",
    "begin_review",
    "end_file",
    "end_review",
    "forget_comment",
    "forget_old",
    "forget_unnamed",
    "hand_in",
    "keep_comment",
    "keep_file",
    "mark",
    "mark_received",
    "note_stored",
    "release_all",
    "save_draft",
    "take_out",
]
