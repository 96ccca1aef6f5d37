"""Draw every sketched page into a folder (画草图): python -m xinqiao.portals.ui.tests.draw FOLDER."""

import shutil
import sys
from pathlib import Path

import django
from django.conf import settings
from django.template.loader import render_to_string

HOUSE = Path(__file__).resolve().parents[4]
PORTALS = HOUSE / "xinqiao" / "portals"


def configure() -> None:
    """Set the few settings a template needs (最小设置)."""
    settings.configure(
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [
                    PORTALS / face / "templates" for face in ("ui", "staff", "patient", "manager", "public")
                ],
                "OPTIONS": {"libraries": {"ui": "xinqiao.portals.ui.templatetags.ui"}},
            }
        ],
        FRONTEND_DIST=HOUSE / "frontend" / "dist",
        STATIC_URL="./",
        USE_TZ=True,
        TIME_ZONE="Asia/Shanghai",
        LANGUAGE_CODE="zh-hans",
    )
    django.setup()


def draw(folder: Path) -> list[str]:
    """Write one HTML file per sketch, with the built front end beside them (草图)."""
    from xinqiao.portals.ui.tests.sketches import PAGES, STAFF, many_rows
    from xinqiao.portals.ui.tests.specimens import SPECIMENS

    shutil.copytree(HOUSE / "frontend" / "dist", folder, dirs_exist_ok=True)
    pages = PAGES | {"styleguide": ("ui/styleguide.html", STAFF | SPECIMENS | {"many": many_rows()})}
    for name, (template, context) in pages.items():
        (folder / f"{name}.html").write_text(render_to_string(template, context), "utf-8")
    return list(pages)


if __name__ == "__main__":
    configure()
    print(*draw(Path(sys.argv[1])), sep="\n")
