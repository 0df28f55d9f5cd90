"""Our own SVG: icons, the mark, the woven covers of courses, the threads of progress.

The one place besides foundation/richtext.py that makes Markup: arguments are escaped, the rest is
made of the numbers and letters below.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from markupsafe import Markup

# On a grid of 24; drawn with a line of 1.9. Add one only where a word will not do.
ICONS = {
    "alert": "M12 4.2L21 19.6H3zM12 10v4.4M12 16.9v.2",
    "arrow-left": "M20 12H5M10.8 6.2L5 12l5.8 5.8",
    "arrow-right": "M4 12h15M13.2 6.2L19 12l-5.8 5.8",
    "book": (
        "M3.8 5.6c3-1.2 5.9-1 8.2.8 2.3-1.8 5.2-2 8.2-.8V19"
        "c-3-1.2-5.9-1-8.2.8-2.3-1.8-5.2-2-8.2-.8zM12 6.4v13.4"
    ),
    "calendar": "M4 5.5h16V20H4zM4 10h16M8.5 3v4M15.5 3v4",
    "cert": "M4 4.5h16v11H4zM7.5 8.5h9M7.5 11.5h5M13.5 15.5V21l2.5-1.7 2.5 1.7v-5.5",
    "check": "M5 12.6l4.4 4.4L19 7.4",
    "chevron": "M6 9l6 6 6-6",
    "chevron-right": "M9 6l6 6-6 6",
    "clock": "M12 3.5a8.5 8.5 0 100 17 8.5 8.5 0 000-17zM12 7.5V12l3.2 2",
    "doc": "M6.5 3.5h7.6l3.9 4V20.5H6.5zM14 3.5v4.2h4",
    "download": "M12 4v11M7.4 10.6L12 15.2l4.6-4.6M5 19.5h14",
    "external": "M9.5 5H5v14h14v-4.5M13 4.5h6.5V11M19 5l-8 8",
    "flag": "M6 21V4.5h11.5l-2.2 4 2.2 4H6",
    "globe": (
        "M12 3.5a8.5 8.5 0 100 17 8.5 8.5 0 000-17zM3.5 12h17M12 3.5c-5 5-5 12 0 17 5-5 5-12 0-17z"
    ),
    "help": (
        "M12 3.5a8.5 8.5 0 100 17 8.5 8.5 0 000-17zM9.4 9.5a2.7 2.7 0 114.8 1.7"
        "c-.8.9-2.2 1.2-2.2 2.6M12 16.7v.2"
    ),
    "info": "M12 3.5a8.5 8.5 0 100 17 8.5 8.5 0 000-17zM12 11.2v5M12 7.8v.2",
    "link": (
        "M10 14a3.9 3.9 0 005.5 0l2.9-2.9a3.9 3.9 0 00-5.5-5.5l-1 1M14 10a3.9 3.9 0 00-5.5 0"
        "l-2.9 2.9a3.9 3.9 0 005.5 5.5l1-1"
    ),
    "list": "M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.1M4.5 12h.1M4.5 17.5h.1",
    "lock": "M5.5 10.5h13V20h-13zM8.2 10.5V8a3.8 3.8 0 017.6 0v2.5",
    "mail": "M3.5 5.8h17v12.7h-17zM4 6.8l8 6.4 8-6.4",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "play": "M8 5.2v13.6L19 12z",
    "print": "M7.2 8V4h9.6v4M7.2 16H4.5V8h15v8h-2.7M7.2 13.4h9.6V20H7.2z",
    "search": "M10.8 4.6a6.2 6.2 0 100 12.4 6.2 6.2 0 000-12.4zM15.4 15.4L20 20",
    "user": "M12 4.6a3.7 3.7 0 100 7.4 3.7 3.7 0 000-7.4zM4.8 20c.6-4 3.3-6 7.2-6s6.6 2 7.2 6",
    "users": (
        "M9 5.4a3.3 3.3 0 100 6.6 3.3 3.3 0 000-6.6zM3.2 19.2"
        "c.4-3.6 2.7-5.4 5.8-5.4s5.4 1.8 5.8 5.4M15.6 5.8a3.1 3.1 0 010 5.9M17.3 14"
        "c2.1.6 3.2 2.3 3.5 5.2"
    ),
    "volume": "M4 9.5h3.5L12 5.5v13l-4.5-4H4zM15.2 9a4.2 4.2 0 010 6M17.8 6.4a8 8 0 010 11.2",
    "x": "M6 6l12 12M18 6L6 18",
}

# How warp and weft cross: 1 means that the warp lies above, each word is one pick of the weft.
WEAVES = {
    "tafetan": "10 01",
    "esterilla": "1100 1100 0011 0011",
    "sarga": "1100 0110 0011 1001",
    "espiga": "11000011 01100110 00111100 10011001",
    "raso": "10000 00100 00001 01000 00010",
    "rombo": "10000010 01000100 00101000 00010000 00101000 01000100 10000010 00000001",
    "quebrada": "1100 0110 1001 0011",
    "panal": "11101110 01010101 10111011 01010101",
}
CELL, GAP = 8, 1.6
THREAD, BETWEEN, BETWEEN_MODULES, WARP_HEIGHT = 6, 3, 8, 26
STATES = {"done": "a", "todo": "b", "now": "c", "coming": "b"}


def _drawing(svg: str, **values: object) -> Markup:
    """The SVG with its arguments escaped; the drawing itself holds only what this module wrote."""
    return Markup(svg).format(**values)  # noqa: S704 - see above


_ICONS = {
    name: _drawing(
        '<svg class="ch-i" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        f'<path d="{path}"/></svg>'
    )
    for name, path in ICONS.items()
}


def icon(name: str) -> Markup:
    """A small sign beside a word. It is hidden from those who listen: the word says it."""
    return _ICONS[name]


def swatch(weave: str, topic: str, uid: str) -> Markup:
    """A course's cover: its weave in the colours of its topic. `uid` is unique within the page."""
    width, height, warp_path, weft_path = _woven(weave)
    return _drawing(
        '<svg class="ch-swatch ch-swatch-{topic}" width="96" height="128" aria-hidden="true" '
        'focusable="false"><pattern id="w{uid}" width="{width}" height="{height}" '
        'patternUnits="userSpaceOnUse"><path class="a" d="{warp}"/><path class="b" d="{weft}"/>'
        '</pattern><rect class="z" width="100%" height="100%"/>'
        '<rect fill="url(#w{uid})" width="100%" height="100%"/></svg>',
        topic=topic,
        uid=uid,
        width=width,
        height=height,
        warp=warp_path,
        weft=weft_path,
    )


@cache
def _woven(weave: str) -> tuple[int, int, str, str]:
    picks = WEAVES[weave].split()
    thick = CELL - GAP
    warp_path = weft_path = ""
    for row, pick in enumerate(picks):
        for column, above in enumerate(pick):
            x, y = column * CELL, row * CELL
            if above == "1":
                warp_path += f"M{x + GAP / 2:g} {y}h{thick:g}v{CELL}h-{thick:g}z"
            else:
                weft_path += f"M{x} {y + GAP / 2:g}h{CELL}v{thick:g}h-{CELL}z"
    return len(picks[0]) * CELL, len(picks) * CELL, warp_path, weft_path


def warp(states: Sequence[Iterable[str]], label: str) -> Markup:
    """A course's progress: one thread per lesson, a gap between modules, the figures as its name.

    `states` holds, per module, `done`, `now`, `todo` or `coming` for each of its lessons; what is
    still to come is a thread just begun.
    """
    paths = dict.fromkeys(STATES.values(), "")
    x = 0
    for module in states:
        for state in module:
            top = WARP_HEIGHT * 3 // 4 if state == "coming" else 0
            paths[STATES[state]] += f"M{x} {top}h{THREAD}v{WARP_HEIGHT - top}h-{THREAD}z"
            x += THREAD + BETWEEN
        x += BETWEEN_MODULES - BETWEEN
    return _drawing(
        '<svg class="ch-warp" viewBox="0 0 {width} {height}" preserveAspectRatio="none" role="img" '
        'focusable="false" aria-label="{label}"><path class="a" d="{a}"/><path class="b" d="{b}"/>'
        '<path class="c" d="{c}"/></svg>',
        width=max(x - BETWEEN_MODULES, 0),
        height=WARP_HEIGHT,
        label=label,
        **paths,
    )


def mark() -> Markup:
    """The mark: three threads across three, the middle one golden."""
    return MARK


def band() -> Markup:
    """A narrow woven band, above the footer."""
    return BAND


def loom(broken: bool = False) -> Markup:
    """Cloth just begun, for what is still empty; with a broken thread, for what is not there."""
    return BROKEN_LOOM if broken else LOOM


def hero() -> Markup:
    """Eighteen threads, one per State of the Network, and the golden one that joins them."""
    return HERO


def _mark() -> Markup:
    low, high, half, gap = -6.5, 26.5, 3, 1.6
    warps = "".join(
        f"M{10 * i - half} {a:g}h{2 * half}V{b:g}h-{2 * half}z"
        for i in range(3)
        for a, b in _visible(low, high, [10 * j for j in range(3) if (i + j) % 2], half + gap)
    )
    wefts = [
        "".join(
            f"M{a:g} {10 * i - half}H{b:g}v{2 * half}H{a:g}z"
            for a, b in _visible(
                low, high, [10 * j for j in range(3) if (i + j) % 2 == 0], half + gap
            )
        )
        for i in range(3)
    ]
    return _drawing(
        '<svg class="ch-mark" viewBox="-6.5 -6.5 33 33" aria-hidden="true" focusable="false">'
        f'<path fill="currentColor" d="{warps}"/><path class="h" d="{wefts[0]}{wefts[2]}"/>'
        f'<path class="g" d="{wefts[1]}"/></svg>'
    )


def _visible(
    start: float, end: float, hidden: Iterable[float], room: float
) -> list[tuple[float, float]]:
    """What is seen of a thread that passes below others, each of which takes `room` either side."""
    pieces = []
    for centre in hidden:
        pieces.append((start, centre - room))
        start = centre + room
    return [(a, b) for a, b in [*pieces, (start, end)] if b - a > 0.5]


def _loom(count: int, broken: int | None = None) -> Markup:
    apart, height = 22, 150
    warps = "".join(
        f"M{x} 8V52M{x} 98V{height - 8}" if i == broken else f"M{x} 8V{height - 8}"
        for i, x in enumerate(range(24, 24 + count * apart, apart))
    )
    width = (count - 1) * apart + 47
    picks = [(116, width - 8), (98, width - 8), (80, 24 + count // 2 * apart + 12)]
    wefts = cuts = ""
    for row, (y, end) in enumerate(picks):
        crossed = [x for x in range(24, 24 + count * apart, apart) if x <= end]
        below = [x for i, x in enumerate(crossed) if (i + row) % 2 == 0]
        wefts += "".join(f"M{a:g} {y}H{b:g}" for a, b in _visible(4, end, below, 6))
        cuts += "".join(f"M{x - 4.5:g} {y}h9" for x in crossed if x not in below)
    return _drawing(
        f'<svg class="ch-loom" viewBox="0 0 {width} {height}" aria-hidden="true" focusable="false">'
        f'<path class="v" stroke-width="7" d="{warps}"/><path class="k" d="{cuts}"/>'
        f'<path class="h" stroke-width="7" d="{wefts}"/></svg>'
    )


def _hero() -> Markup:
    tops = {
        "AR": 96, "BO": 60, "BR": 118, "CL": 42, "CO": 84, "CR": 130,
        "DO": 52, "EC": 104, "GT": 70, "HN": 124, "MX": 46, "NI": 90,
        "PA": 112, "PE": 58, "PY": 100, "SV": 66, "UY": 120, "VE": 80,
    }  # fmt: skip
    starts = [540, 520, 536, 506, 528, 498, 518, 540, 500, 524, 512, 530, 498, 520, 536, 510]
    threads = [560 + 30 * i for i in range(len(tops))]
    end, golden = threads[-1] + 18, 9
    warps = "".join(f"M{x} {top}V640" for x, top in zip(threads, tops.values(), strict=True))
    names = "".join(
        f'<text x="{x}" y="{top - 14}">{code}</text>'
        for x, (code, top) in zip(threads, tops.items(), strict=True)
    )
    wefts, cuts, gold = "", "", ""
    for row, y in enumerate(range(176, 660, 30)):
        below = [x for i, x in enumerate(threads) if (i + row) % 2 == 0]
        start = -1800 if row == golden else starts[row % len(starts)]
        stop = end - (0 if row == golden else row * 7 % 11)
        path = "".join(f"M{a:g} {y}H{b:g}" for a, b in _visible(start, stop, below, 10))
        gold, wefts = (gold + path, wefts) if row == golden else (gold, wefts + path)
        cuts += "".join(f"M{x - 7.5:g} {y}h15" for x in threads if x not in below)
    return _drawing(
        '<svg class="ch-hero-weave" viewBox="0 0 1120 640" preserveAspectRatio="xMaxYMin slice" '
        f'aria-hidden="true" focusable="false"><path class="v" stroke-width="13" d="{warps}"/>'
        f'<path class="k" stroke-width="20" d="{cuts}"/>'
        f'<path class="h" stroke-width="13" d="{wefts}"/>'
        f'<path class="g" stroke-width="8" d="{gold}"/><g class="t">{names}</g></svg>'
    )


BAND = _drawing(
    '<svg class="ch-band" width="100%" height="12" aria-hidden="true" focusable="false">'
    '<pattern id="bd" width="20" height="12" patternUnits="userSpaceOnUse">'
    '<path class="a" d="M1 0h8v12h-8z"/><path class="b" d="M10 2h10v8H10z"/></pattern>'
    '<rect width="100%" height="12" fill="url(#bd)"/></svg>'
)
MARK, LOOM, BROKEN_LOOM, HERO = _mark(), _loom(9), _loom(11, broken=6), _hero()

GLOBALS: dict[str, Any] = {
    "icon": icon,
    "swatch": swatch,
    "warp": warp,
    "mark": mark,
    "band": band,
    "loom": loom,
    "hero": hero,
}
