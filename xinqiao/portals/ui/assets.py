"""Where a built file of the front end stands (前端产物)."""

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@lru_cache(maxsize=4)
def _read_manifest(path: Path, changed_ns: int) -> dict[str, str]:
    return {key: entry["file"] for key, entry in json.loads(path.read_text("utf-8")).items()}


def get_asset(name: str) -> str:
    """Return the hashed path of a built entry such as staff.js (前端产物), from settings.FRONTEND_DIST."""
    path = Path(settings.FRONTEND_DIST) / "manifest.json"
    if not path.is_file():
        raise ImproperlyConfigured("前端还没有构建，请先运行 make setup。")
    files = _read_manifest(path, path.stat().st_mtime_ns)
    if f"src/{name}" not in files:
        raise ImproperlyConfigured(f"前端产物里没有 {name}，请检查 frontend/vite.config.js 的入口。")
    return files[f"src/{name}"]
