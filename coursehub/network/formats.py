"""Reads the file that lists the Network's States, their names and their institutions."""

from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from coursehub.network.models import Standing
from coursehub.settings import LANGUAGES

# The zone of each capital: what a new account begins with, until its owner chooses another.
CAPITAL_ZONES = {
    "AR": "America/Argentina/Buenos_Aires",
    "BO": "America/La_Paz",
    "BR": "America/Sao_Paulo",
    "CL": "America/Santiago",
    "CO": "America/Bogota",
    "CR": "America/Costa_Rica",
    "DO": "America/Santo_Domingo",
    "EC": "America/Guayaquil",
    "GT": "America/Guatemala",
    "HN": "America/Tegucigalpa",
    "MX": "America/Mexico_City",
    "NI": "America/Managua",
    "PA": "America/Panama",
    "PE": "America/Lima",
    "PY": "America/Asuncion",
    "SV": "America/El_Salvador",
    "UY": "America/Montevideo",
    "VE": "America/Caracas",
}

Names = dict[str, str]


@dataclass(frozen=True, slots=True)
class ListedCountry:
    """A State as the file lists it: names by language, and the names of its institutions."""

    code: str
    names: Names
    standing: Standing
    institutions: tuple[Names, ...]


def read_countries(file: Path) -> list[ListedCountry]:
    """The States in the file. ValueError or KeyError if it does not say what it must."""
    listed = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    return [
        ListedCountry(
            code=country["code"],
            names=_names(country["name"]),
            standing=Standing(country["standing"]),
            institutions=tuple(_names(names) for names in country["institutions"]),
        )
        for country in listed["countries"]
    ]


def _names(given: Names) -> Names:
    return {f"name_{code}": given[code] for code in LANGUAGES}
