"""What people do in a quiz: start, answer, hand in; what time does for them; what staff decides."""

from coursehub.quizzes.actions.allowances import give_allowance
from coursehub.quizzes.actions.answers import Change, save
from coursehub.quizzes.actions.attempts import start, submit, submit_by_time, submit_due
from coursehub.quizzes.actions.counting import count
from coursehub.quizzes.actions.judging import Judgement, judge, release
from coursehub.quizzes.actions.regrading import correct, count_late, regrade

__all__ = [
    "Change",
    "Judgement",
    "correct",
    "count",
    "count_late",
    "give_allowance",
    "judge",
    "regrade",
    "release",
    "save",
    "start",
    "submit",
    "submit_by_time",
    "submit_due",
]
