"""Answering a survey: the answers, and apart from them that somebody has answered."""

from coursehub.surveys.actions.answering import answer

__all__ = ["answer"]
