"""Make the pictures of the README from a running demonstration.

.venv/bin/python -m tests.screenshots http://localhost:8000
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
PAGES = {"home.png": "/"}


def main(base: str) -> None:
    """The pictures of docs/images show the site as it is now."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1200, "height": 760}, locale="fr-CA")
        for name, path in PAGES.items():
            page.goto(base + path)
            page.screenshot(path=FOLDER / name)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
