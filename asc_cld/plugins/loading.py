"""Python looks for circular garbage less while dbt loads the project, and not at all in what it has loaded.

A project of this size is some million objects that live as long as the run. Python walks them again and again in
search of garbage, which took a tenth of the CPU of the demo council's build (docs/decisions/0018).
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import wraps
from typing import Any

from dbt.parser.manifest import ManifestLoader


def load_without_searching() -> None:
    """Sets it up for this process, once. Whoever has switched the search off keeps it off."""
    # A dbt that loads in another way only takes longer.
    load = getattr(ManifestLoader, "get_full_manifest", None)
    if load is not None and not hasattr(load, "__wrapped__"):
        ManifestLoader.get_full_manifest = classmethod(set_aside(load.__func__))


def set_aside(load: Callable[..., Any]) -> Callable[..., Any]:
    """dbt's way to load a project; what it has loaded is then passed over by the searches of the run."""

    @wraps(load)
    def load_and_set_aside(cls: type[ManifestLoader], *given: Any, **named: Any) -> Any:
        if not gc.isenabled():
            return load(cls, *given, **named)
        # A second run in one process: what the first has loaded may go.
        if gc.get_freeze_count():
            gc.unfreeze()
            gc.collect()
        gc.disable()
        try:
            return load(cls, *given, **named)
        finally:
            gc.freeze()
            gc.enable()

    return load_and_set_aside
