# SPDX-License-Identifier: GPL-2.0
"""Line plots with logarithmic axes as small SVG files that read on light and dark pages."""
import math

WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 190, 40, 50
COLOURS = ["#0b6e4f", "#c8553d", "#3066be", "#8a6d1d", "#7b4b94", "#5b6770", "#b23a6b"]
SUFFIXES = [(1e9, "G"), (1e6, "M"), (1e3, "k")]


def label(value):
    for size, suffix in SUFFIXES:
        if value >= size:
            return f"{value / size:g}{suffix}"
    return f"{value:g}"


def decades(low, high):
    return [10.0**e for e in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)]


class Axis:
    """Logarithmic: value -> place between two ends."""

    def __init__(self, values, begin, end):
        self.ticks = decades(min(values), max(values))
        if len(self.ticks) == 1:
            self.ticks.append(self.ticks[0] * 10)
        self.begin, self.end = begin, end

    def at(self, value):
        low, high = math.log10(self.ticks[0]), math.log10(self.ticks[-1])
        return self.begin + (self.end - self.begin) * (math.log10(value) - low) / (high - low)


def text(x, y, words, anchor="start", more=""):
    words = words.replace("&", "&amp;").replace("<", "&lt;")
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{words}</text>'


def grid(x, y):
    out = []
    for tick in x.ticks:
        out.append(f'<path class="grid" d="M{x.at(tick):.1f} {TOP}V{HEIGHT - BOTTOM}"/>')
        out.append(text(x.at(tick), HEIGHT - BOTTOM + 18, label(tick), "middle"))
    for tick in y.ticks:
        out.append(f'<path class="grid" d="M{LEFT} {y.at(tick):.1f}H{WIDTH - RIGHT}"/>')
        out.append(text(LEFT - 8, y.at(tick) + 4, label(tick), "end"))
    return out


def spread_labels(ends):
    """Names beside their lines' ends, none on another."""
    places, last = {}, -1e9
    for y, name in sorted(ends):
        last = max(y, last + 15)
        places[name] = last
    return places


def line(points, colour):
    path = "L".join(f"{px:.1f} {py:.1f}" for px, py in points)
    dots = "".join(f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3"/>' for px, py in points)
    return (
        f'<g style="stroke:{colour};fill:{colour}">'
        f'<path style="fill:none;stroke-width:2" d="M{path}"/>{dots}</g>'
    )


STYLE = (
    "<style>text{font:13px sans-serif;fill:#444}.title{font-weight:600;font-size:15px}"
    ".grid{stroke:#8884;fill:none}rect{fill:#fff}"
    "@media(prefers-color-scheme:dark){rect{fill:#16191d}text{fill:#ccc}}</style>"
)


def plot(title, x_name, y_name, lines):
    """lines: [(name, [(x, y), ...])]; returns the SVG, or None where there is nothing to show."""
    lines = [(name, points) for name, points in lines if points]
    if not lines:
        return None
    x = Axis([p[0] for _, points in lines for p in points], LEFT, WIDTH - RIGHT)
    y = Axis([p[1] for _, points in lines for p in points], HEIGHT - BOTTOM, TOP)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{title}</title>{STYLE}",
        f'<rect width="{WIDTH}" height="{HEIGHT}"/>',
        text(LEFT, 22, title, more=' class="title"'),
        text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, x_name, "middle"),
        text(16, (TOP + HEIGHT - BOTTOM) / 2, y_name, "middle",
             f' transform="rotate(-90 16 {(TOP + HEIGHT - BOTTOM) / 2:.0f})"'),
        *grid(x, y),
    ]
    ends = []
    for number, (name, points) in enumerate(lines):
        placed = [(x.at(a), y.at(b)) for a, b in sorted(points)]
        out.append(line(placed, COLOURS[number % len(COLOURS)]))
        ends.append((placed[-1][1], name))
    for name, place in spread_labels(ends).items():
        colour = COLOURS[[n for n, _ in lines].index(name) % len(COLOURS)]
        out.append(text(WIDTH - RIGHT + 10, place + 4, name, more=f' style="fill:{colour}"'))
    out.append("</svg>")
    return "\n".join(out) + "\n"
