"""Write a dump of the database as it is now (留存库样本): `python -m tests.upgrade.dump tests/upgrade/2026-11.sql`.

The schema with a few rows of a simulated hospital, in plain SQL, with the rights of each role. Nothing in it names
the machine it was made on.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from xinqiao.config.starting import django


def main(target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XINQIAO_HOME"] = str(Path(folder) / "home")
        django("owner")
        from tests.proofs.killing import Installation

        Path(folder).chmod(0o755)  # the database server's user passes through
        made = Installation(Path(folder) / "home")
        try:
            made.prepare("1")
            text = dumped(made)
        finally:
            made.close()
    target.write_text(text, "utf-8")
    print(f"✓ {target}：{len(text.splitlines())} 行")


def dumped(made) -> str:
    """The dump without the lines that only psql understands, and without those that change with every run."""
    with made.at_home():
        dsn = made.server.dsn("xinqiao_owner", "xinqiao")
    done = subprocess.run(
        [
            made.server.binaries / "pg_dump", "--inserts", "--no-owner", "--exclude-extension=*",
            "-h", dsn["host"], "-U", dsn["user"], dsn["dbname"],
        ],
        env={"PGPASSWORD": dsn["password"]}, capture_output=True, check=True, text=True,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    return "\n".join(line for line in lines if line.strip() and not line.startswith(("\\", "--"))) + "\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
