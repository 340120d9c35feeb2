"""What pip needs to know of the package and stands elsewhere: the libraries, from requirements.in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

# They make the package; nothing imports them afterwards.
TO_MAKE_IT = ("hatchling", "editables")


class Requirements(MetadataHookInterface):
    """The one hook; hatchling finds it in this file by its name."""

    def update(self, metadata: dict[str, Any]) -> None:
        lines = (Path(self.root) / "requirements.in").read_text(encoding="utf-8").splitlines()
        needed = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
        metadata["dependencies"] = [name for name in needed if name not in TO_MAKE_IT]
