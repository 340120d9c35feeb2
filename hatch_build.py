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
        metadata["dependencies"] = [name for name in self._named("requirements.in") if name not in TO_MAKE_IT]
        metadata["optional-dependencies"] = {
            "land": self._named("requirements-land.in"),
            "spark": self._named("requirements-spark.in"),
        }

    def _named(self, file: str) -> list[str]:
        lines = (Path(self.root) / file).read_text(encoding="utf-8").splitlines()
        return [line.strip() for line in lines if line.strip() and not line.startswith(("#", "-r"))]
