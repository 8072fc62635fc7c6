# SPDX-FileCopyrightText: 2026 The qdrant2pg authors
# SPDX-License-Identifier: MIT
"""The matrix as a picture: SVG text that follows the reader's light or dark scheme."""

from html import escape

STYLE = """
svg { --text: #1f2328; --faint: #656d76; --grid: #d8dee4; --back: #ffffff; --l1: #9ec5f2; --l2: #4a8fdd; --l4: #1c5aa6; --mark: #b3401c; }
@media (prefers-color-scheme: dark) {
 svg { --text: #e6edf3; --faint: #9198a1; --grid: #30363d; --back: #0d1117; --l1: #2f5f96; --l2: #4a8fdd; --l4: #a5cdfa; --mark: #ff9b6b; }
}
text { font: 12px sans-serif; fill: var(--text); } .faint { fill: var(--faint); font-size: 11px; } .title { font-size: 15px; font-weight: bold; }
.grid { stroke: var(--grid); } .mark { stroke: var(--mark); stroke-width: 2; } .scroll { stroke: var(--text); stroke-width: 2; stroke-dasharray: 2 2; }
.l1 { fill: var(--l1); } .l2 { fill: var(--l2); } .l4 { fill: var(--l4); } .lx { fill: var(--l2); }
"""

PANEL_WIDTH, PANEL_HEIGHT, LEFT, TOP, GAP = 290, 170, 56, 84, 34
BAR = 13


def _nice(value):
    """A round number at or above the value."""
    step = 10 ** (len(str(int(max(value, 1)))) - 1)
    return next(k * step for k in (1, 2, 3, 4, 5, 6, 8, 10) if k * step >= value)


def _payload(size):
    return "no payload" if size == 0 else f"{size} B of payload"


def _bytes_per_second(cell, run):
    return run["pointsPerSecond"] * cell["rowBytes"] / 1e6 if run else None


def svg(cells, source):
    """MB/s of rows by dimension, in panels by transport and payload: bars for lanes, marks for the floors."""
    cells = [cell for cell in cells if cell["endToEnd"]]
    transports = [name for name in ("grpc", "rest") if any(cell["transport"] == name for cell in cells)]
    payloads = sorted({cell["payloadBytes"] for cell in cells})
    width = max(LEFT + len(payloads) * (PANEL_WIDTH + GAP), 660)
    height = TOP + len(transports) * (PANEL_HEIGHT + 64)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
           'aria-label="Megabytes of rows per second by transport, dimensions, payload and lanes, with the floors">',
           f"<style>{STYLE}</style>", f'<rect width="{width}" height="{height}" fill="var(--back)"/>',
           f'<text class="title" x="{LEFT}" y="24">End to end, MB of rows per second (source: {escape(source)})</text>']
    _legend(out, sorted({cell["lanes"] for cell in cells}))
    for row, transport in enumerate(transports):
        shown = [cell for cell in cells if cell["transport"] == transport]
        most = _nice(max(max(_bytes_per_second(cell, cell[key]) or 0 for key in ("endToEnd", "copyFloor")) for cell in shown))
        top = TOP + row * (PANEL_HEIGHT + 64)
        for column, payload in enumerate(payloads):
            panel = [cell for cell in shown if cell["payloadBytes"] == payload]
            if panel:
                _panel(out, panel, LEFT + column * (PANEL_WIDTH + GAP), top, most,
                       f"{'gRPC' if transport == 'grpc' else 'REST'}, {_payload(payload)}")
    out.append("</svg>\n")
    return "\n".join(out)


def _legend(out, lanes):
    x = LEFT
    for count in lanes:
        label = f"{count} lane{'s' if count > 1 else ''}"
        out.append(f'<rect class="{_class(count)}" x="{x}" y="38" width="12" height="12"/><text x="{x + 17}" y="48">{label}</text>')
        x += 78
    for name, label in (("mark", "COPY floor"), ("scroll", "scroll floor (where it is on the scale)")):
        out.append(f'<line class="{name}" x1="{x}" y1="44" x2="{x + 16}" y2="44"/><text x="{x + 21}" y="48">{label}</text>')
        x += 110


def _class(lanes):
    return f"l{lanes}" if lanes in (1, 2, 4) else "lx"


def _panel(out, cells, left, top, most, title):
    bottom = top + PANEL_HEIGHT
    out.append(f'<text x="{left}" y="{top - 8}">{escape(title)}</text>')
    for step in range(5):
        y = bottom - step * PANEL_HEIGHT / 4
        out.append(f'<line class="grid" x1="{left}" y1="{y:.1f}" x2="{left + PANEL_WIDTH}" y2="{y:.1f}"/>'
                   f'<text class="faint" x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{most * step / 4:g}</text>')
    dimensions = sorted({cell["dimensions"] for cell in cells})
    slot = PANEL_WIDTH / len(dimensions)
    for place, size in enumerate(dimensions):
        group = sorted((cell for cell in cells if cell["dimensions"] == size), key=lambda cell: cell["lanes"])
        bar = min(BAR, (slot - 8) / len(group))
        start = left + place * slot + (slot - bar * len(group)) / 2
        for number, cell in enumerate(group):
            _bar(out, cell, start + number * bar, bottom, bar, most)
        out.append(f'<text class="faint" x="{left + (place + 0.5) * slot:.1f}" y="{bottom + 16}" text-anchor="middle">{size}-d</text>')


def _bar(out, cell, x, bottom, width, most):
    value = _bytes_per_second(cell, cell["endToEnd"])
    height = PANEL_HEIGHT * value / most
    words = f"{cell['name']}: {cell['endToEnd']['pointsPerSecond']:,.0f} points/s, {value:.0f} MB/s"
    out.append(f'<rect class="{_class(cell["lanes"])}" x="{x + 0.5:.1f}" y="{bottom - height:.1f}" width="{width - 1:.1f}" '
               f'height="{height:.1f}"><title>{escape(words)}</title></rect>')
    for key, name in (("copyFloor", "mark"), ("scrollFloor", "scroll")):
        floor = _bytes_per_second(cell, cell[key])
        if floor and floor <= most:
            y = bottom - PANEL_HEIGHT * floor / most
            out.append(f'<line class="{name}" x1="{x:.1f}" y1="{y:.1f}" x2="{x + width:.1f}" y2="{y:.1f}"/>')
