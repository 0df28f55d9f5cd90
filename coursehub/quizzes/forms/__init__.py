"""What people and scripts send about quizzes."""

from coursehub.quizzes.forms.answers import FORM, sent_by_form, sent_by_script
from coursehub.quizzes.forms.corrections import REMEDIES, CorrectionForm

__all__ = ["FORM", "REMEDIES", "CorrectionForm", "sent_by_form", "sent_by_script"]
