"""Pages as a reader meets them: in a browser, without a network, at several widths, judged by axe-core."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# A desk, a tablet, a phone.
WIDTHS = (1280, 768, 390)
SERIOUS = ("serious", "critical")
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Seen:
    """What is wrong with a page: findings of axe-core (rule, impact, first place) and widths it does not fit."""

    findings: list[tuple[str, str, str]] = field(default_factory=list)
    too_wide: dict[int, int] = field(default_factory=dict)

    @property
    def serious(self) -> list[tuple[str, str, str]]:
        return [found for found in self.findings if found[1] in SERIOUS]


class Reader:
    """One browser for all pages that are looked at."""

    def __init__(self, browser: Any):
        self.browser = browser
        self.axe = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")

    def looks_at(self, page: Path, *widths: int) -> Seen:
        """Opens a page and all its folded sections; axe-core judges it at the first width."""
        seen = Seen()
        # The page's own policy lets no script in, not even this one.
        with self.browser.new_context(bypass_csp=True, offline=True) as context:
            tab = context.new_page()
            for width in widths or WIDTHS:
                tab.set_viewport_size({"width": width, "height": 900})
                tab.goto(page.as_uri())
                tab.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
                if over := tab.evaluate(TOO_WIDE):
                    seen.too_wide[width] = over
                if width == (widths or WIDTHS)[0]:
                    tab.evaluate(self.axe)
                    for found in tab.evaluate("axe.run({resultTypes: ['violations']})")["violations"]:
                        place = found["nodes"][0]["target"][0]
                        seen.findings.append((found["id"], found["impact"], str(place)))
        return seen


@contextmanager
def opened() -> Iterator[Reader]:
    """The browser of the machine (CHROMIUM), closed again."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        try:
            yield Reader(browser)
        finally:
            browser.close()
