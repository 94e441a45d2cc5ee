#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws one metric of some runs as an SVG that suits light and dark pages.

usage: curve.py METRIC OUT.svg LABEL=RUN_DIRECTORY...            by step
       curve.py METRIC:OTHER OUT.svg LABEL=RUN_DIRECTORY...      by another metric, such as num_tokens
"""
import json
import sys

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 640, 260, 52, 36, 14, 14
COLOURS = ["#2f6fde", "#d9622b", "#2a9d5c", "#9a52c7", "#c2a012", "#d1478c"]
NAMES = {"num_tokens": "answer tokens generated"}


def read(run, metric, by):
    points = []
    for line in open(run + "/metrics.jsonl"):
        row = json.loads(line)
        if row.get("kind") == "rl" and metric in row:
            points.append((row[by] if by else row["step"] + 1, row[metric]))
    return points


def smooth(points, span=8):
    """A mean over the last few steps: single steps are noisy."""
    return [(x, sum(v for _, v in points[max(0, i - span + 1):i + 1]) / (i + 1 - max(0, i - span + 1)))
            for i, (x, _) in enumerate(points)]


def draw(metric, by, runs):
    curves = []
    for label, run in runs:
        points = read(run, metric, by)
        # Runs of many small steps and of few large ones are smoothed alike.
        curves.append((label, smooth(points, max(1, len(points) // 20) if by else 8)))
    last = max(x for _, points in curves for x, _ in points)
    low = min(0, min(y for _, points in curves for _, y in points))
    high = max(1, max(y for _, points in curves for _, y in points))
    px = lambda x: LEFT + (WIDTH - LEFT - RIGHT) * x / last
    py = lambda y: HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (y - low) / (high - low)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
           'font-family="sans-serif" font-size="12" role="img">',
           f"<title>{metric} by {NAMES.get(by, by or 'step')}</title>",
           "<style>text{fill:#444}line{stroke:#999}@media (prefers-color-scheme: dark){text{fill:#ccc}line{stroke:#777}}</style>"]
    for i in range(6):
        y = low + (high - low) * i / 5
        out.append(f'<line x1="{LEFT}" y1="{py(y):.1f}" x2="{WIDTH - RIGHT}" y2="{py(y):.1f}" stroke-width="0.5"/>'
                   f'<text x="{LEFT - 8}" y="{py(y) + 4:.1f}" text-anchor="end">{y:.1f}</text>')
    for i in range(5):
        x = last * i / 4
        anchor = "end" if by and i == 4 else "middle"
        out.append(f'<text x="{px(x):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="{anchor}">{x:,.0f}</text>')
    out.append(f'<text x="{(LEFT + WIDTH) / 2:.0f}" y="{HEIGHT - 4}" text-anchor="middle">{NAMES.get(by, by or "step")}</text>')
    for i, (label, points) in enumerate(curves):
        colour = COLOURS[i % len(COLOURS)]
        path = " ".join(f"{px(x):.1f},{py(y):.1f}" for x, y in points)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
        # Many curves by another metric rise late: their names stand above the beginning.
        left, top = (LEFT + 20, TOP + 8 + 18 * i) if by else (WIDTH - 150, HEIGHT - BOTTOM - 22 - 18 * i)
        out.append(f'<rect x="{left}" y="{top}" width="14" height="3" fill="{colour}"/><text x="{left + 20}" y="{top + 5}">{label}</text>')
    return "\n".join(out + ["</svg>"]) + "\n"


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    runs = [argument.split("=", 1) for argument in sys.argv[3:]]
    metric, _, by = sys.argv[1].partition(":")
    open(sys.argv[2], "w").write(draw(metric, by, runs))
