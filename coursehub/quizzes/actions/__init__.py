"""What people do in a quiz: start, answer, hand in; and what time does for them."""

from coursehub.quizzes.actions.allowances import give_allowance
from coursehub.quizzes.actions.answers import Change, save
from coursehub.quizzes.actions.attempts import named, start, submit, submit_by_time, submit_due

__all__ = [
    "Change",
    "give_allowance",
    "named",
    "save",
    "start",
    "submit",
    "submit_by_time",
    "submit_due",
]
