"""A terminal's lines as an SVG picture in a window's frame: what demo-picture.py and dashboard-picture.py share."""

from html import escape

# Size of a character cell and of the frame, in SVG user units.
CELL, LINE, MARGIN, BAR = 8.4, 19, 22, 36
BACKGROUND, FRAME, TITLE, PLAIN = "#10141c", "#1b2130", "#7d8799", "#d5dbe6"


def window(columns, rows, title, tells, shapes):
    """The whole picture: so many columns and rows in a frame named `title`; `tells` is for who cannot see it."""
    width = round(columns * CELL + 2 * MARGIN)
    height = BAR + MARGIN + rows * LINE + MARGIN // 2
    frame = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">',
        f"<title>{escape(tells)}</title>",
        "<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre}"
        ".b{font-weight:700}path{fill:none;stroke-width:1.2}rect{shape-rendering:crispEdges}</style>",
        f'<rect width="{width}" height="{height}" rx="10" fill="{BACKGROUND}"/>',
        f'<path d="M0 {BAR}V10A10 10 0 0 1 10 0H{width - 10}A10 10 0 0 1 {width} 10V{BAR}Z" style="fill:{FRAME}"/>',
    ]
    for number, colour in enumerate(("#ff5f57", "#febc2e", "#28c840")):
        frame.append(f'<circle cx="{20 + number * 20}" cy="{BAR // 2}" r="6" fill="{colour}"/>')
    frame.append(f'<text x="{width / 2}" y="{BAR / 2 + 5}" fill="{TITLE}" text-anchor="middle">{escape(title)}</text>')
    return "\n".join([*frame, *shapes, "</svg>", ""])


def words(column, row, text, colour, bold):
    """A text at its place. Its length is given, so that every font keeps the columns."""
    lead = len(text) - len(text.lstrip())
    text = text.strip()
    strong = ' class="b"' if bold else ""
    x, y = MARGIN + (column + lead) * CELL, BAR + MARGIN + row * LINE + 4
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}"{strong} textLength="{len(text) * CELL:.1f}" '
        f'lengthAdjust="spacingAndGlyphs" xml:space="preserve">{escape(text)}</text>'
    )


def ground(column, row, columns, colour):
    """The colour behind a text."""
    x, y = MARGIN + column * CELL, BAR + MARGIN / 2 + row * LINE
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{columns * CELL:.1f}" height="{LINE}" fill="{colour}"/>'


# Lines of frames, as they run through a cell of width `w` and height `h`: no font's lines meet from row to row.
LINES = {
    "│": "M{x} {t}v{h}", "─": "M{l} {y}h{w}", "╭": "M{x} {b}V{u}q0 -4 4 -4H{r}", "╮": "M{l} {y}H{p}q4 0 4 4V{b}", "╰": "M{x} {t}V{o}q0 4 4 4H{r}",
    "╯": "M{x} {t}V{o}q0 4 -4 4H{l}", "├": "M{x} {t}v{h}M{x} {y}H{r}", "┤": "M{x} {t}v{h}M{x} {y}H{l}", "┬": "M{l} {y}h{w}M{x} {y}V{b}",
    "┴": "M{l} {y}h{w}M{x} {y}V{t}", "┼": "M{x} {t}v{h}M{l} {y}h{w}",
}
# Blocks, as a part of the cell: how much from the left, and how much from the bottom.
BLOCKS = {sign: (1, (number + 1) / 8) for number, sign in enumerate("▁▂▃▄▅▆▇█")} | {"▌": (0.5, 1), "▎": (0.25, 1), "▐": (0.5, 1)}


def drawn(column, row, sign, count, colour):
    """So many of a sign that is drawn rather than written; `None` for others."""
    left, top = MARGIN + column * CELL, BAR + MARGIN / 2 + row * LINE
    if sign in BLOCKS:
        wide, high = BLOCKS[sign]
        width = (count - 1 + wide) * CELL
        return f'<rect x="{left:.1f}" y="{top + LINE * (1 - high):.1f}" width="{width:.1f}" height="{LINE * high:.1f}" fill="{colour}"/>'
    if sign not in LINES:
        return None
    x, y = left + CELL / 2, top + LINE / 2
    places = {"x": x, "y": y, "l": left, "r": left + CELL, "t": top, "b": top + LINE, "w": count * CELL, "h": LINE, "u": y + 4, "o": y - 4, "p": x - 4}
    line = LINES[sign].format(**{name: f"{place:.1f}".removesuffix(".0") for name, place in places.items()})
    return f'<path d="{line}" stroke="{colour}"/>'
