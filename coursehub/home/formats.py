"""What a reader's cookies say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

CHOICES = {
    "text": ("", "large", "larger"),
    "theme": ("", "light", "dark"),
    "data": ("", "lite"),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """How someone wants pages to look; empty means as the device says."""

    text: str = ""
    theme: str = ""
    data: str = ""

    @classmethod
    def of(cls, cookies: Mapping[str, str], *, saves_data: bool) -> Self:
        """The choices in the cookies. A browser that asks to save data gets the light pages."""
        given = {name: cookies.get(name, "") for name in CHOICES}
        if saves_data and "data" not in cookies:
            given["data"] = "lite"
        return cls(**{name: value for name, value in given.items() if value in CHOICES[name]})
