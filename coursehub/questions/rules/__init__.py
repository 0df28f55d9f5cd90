"""Pure rules of questions: the same question and the same answer always earn the same."""

from typing import Any

Json = dict[str, Any]
# What a person answered, by the ids of the question's parts: see `read_answer`.
Answer = Any
