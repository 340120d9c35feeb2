"""Draws the charts of a page as inline SVG, with no script and no network: Vega-Lite through vl-convert.

A chart is drawn when the page is made, so the page holds a drawing and needs nothing to show or to print it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import vl_convert
from markupsafe import Markup, escape

# Dark enough on white (3:1 and more), and told apart by lightness where colours are not.
COLOURS = ("#1c5d86", "#c06a1b", "#5b8f3a", "#7d4f9e", "#3c3c3c")
BEFORE_AND_NOW = ("#8da3b5", "#1c5d86")
WIDTH = 320
LABEL_WIDTH = 180
STYLE = {
    "background": "white",
    # A browser's letters may be wider than those the labels were measured with.
    "padding": {"left": 24, "right": 16, "top": 4, "bottom": 4},
    "font": "Arial, sans-serif",
    "axis": {
        "labelFontSize": 13, "titleFontSize": 13, "labelColor": "#1d2733", "titleColor": "#1d2733",
        "titleFontWeight": "normal", "gridColor": "#e3e8ed", "domainColor": "#55616e", "labelLimit": LABEL_WIDTH,
    },
    "legend": {
        "labelFontSize": 13, "title": None, "orient": "top", "direction": "horizontal", "columns": 2,
        "labelLimit": 240, "symbolType": "square",
    },
    "view": {"stroke": None},
}  # fmt: skip

Row = dict[str, Any]


def bars(
    rows: Sequence[Row],
    title: str,
    unit: str,
    series: Sequence[str] = (),
    colours: Sequence[str] = COLOURS,
) -> Markup | None:
    """Lying bars: rows of label, value and, where there are several, series. None where nothing can be drawn."""
    return _drawn(
        rows,
        title,
        unit,
        {
            "mark": {"type": "bar"},
            "encoding": {
                "y": {
                    "field": "label", "type": "nominal", "sort": None, "title": None,
                    "axis": {"labelExpr": "split(datum.label, '|')"},
                    "scale": {"paddingInner": 0.25},
                },
                "x": {"field": "value", "type": "quantitative", "title": unit, "axis": {"tickCount": 4}},
                **({"yOffset": {"field": "series", "sort": list(series)}} if series else {}),
                **_coloured(series, colours),
            },
            "height": {"step": 15 if series else 24},
        },
    )  # fmt: skip


def lines(rows: Sequence[Row], title: str, unit: str, series: Sequence[str]) -> Markup | None:
    """A line for each series over labels in their order. None where nothing can be drawn."""
    return _drawn(
        rows,
        title,
        unit,
        {
            "mark": {"type": "line", "point": {"size": 60}, "strokeWidth": 2.5},
            "encoding": {
                "x": {
                    "field": "label", "type": "ordinal", "sort": None, "title": None,
                    "axis": {"labelAngle": 0, "labelExpr": "split(datum.label, '|')"},
                },
                "y": {"field": "value", "type": "quantitative", "title": unit, "axis": {"tickCount": 4}},
                "strokeDash": {"field": "series", "sort": list(series), "legend": None},
                **_coloured(series, COLOURS),
            },
            "height": 200,
        },
    )  # fmt: skip


def _coloured(series: Sequence[str], colours: Sequence[str]) -> Row:
    if not series:
        return {"color": {"value": colours[0]}}
    scale = {"domain": list(series), "range": [colours[place % len(colours)] for place in range(len(series))]}
    return {"color": {"field": "series", "scale": scale}}


def _drawn(rows: Sequence[Row], title: str, unit: str, drawing: Row) -> Markup | None:
    """The drawing with its text for screen readers, which says every figure."""
    drawn = [row for row in rows if row["value"] is not None]
    if not drawn:
        return None
    svg = vl_convert.vegalite_to_svg(
        {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "config": STYLE,
            "width": WIDTH,
            "data": {"values": [row | {"value": float(row["value"])} for row in drawn]},
            **drawing,
        },
        allowed_base_urls=[],
    )
    said = "; ".join(
        f"{row['label'].replace('|', ' ')}{', ' + row['series'] if row.get('series') else ''}: {row['value']:,}"
        for row in drawn
    )
    label = escape(f"{title}, {unit}. {said}.")
    # One image with one text: the roles of its parts would be read as more images, without any.
    plain = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", svg)
    return Markup(plain.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1))
