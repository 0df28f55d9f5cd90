"""What people and scripts send about quizzes."""

from coursehub.quizzes.forms.answers import FORM, sent_by_form, sent_by_script
from coursehub.quizzes.forms.corrections import REMEDIES, CorrectionForm
from coursehub.quizzes.forms.judging import Judged, judged_in

__all__ = [
    "FORM",
    "REMEDIES",
    "CorrectionForm",
    "Judged",
    "judged_in",
    "sent_by_form",
    "sent_by_script",
]
