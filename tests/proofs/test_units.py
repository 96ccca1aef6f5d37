"""The command lines of the systemd units, run as they stand on an installation of their own."""

import urllib.error
import urllib.request

from xinqiao.config.checking import command_lines
from xinqiao.config.section import ROOT

CLI = "xinqiao.config.cli"
PORTS = {"8000": "{web}", "2575": "{mllp}"}


def line_of(unit: str) -> list[str]:
    (line,) = command_lines(ROOT / "deploy" / unit)
    return [PORTS.get(word, word) for word in line]


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def test_the_service_runs_refuses_a_second_and_ends_cleanly(installation):
    with installation.running(CLI, *line_of("xinqiao.service")):
        assert installation.until(lambda: answers(installation.web), 40)
        second = installation.command(CLI, "run")
        assert (second.returncode, second.stdout) == (1, "")
        assert second.stderr == f"✗ 这个数据目录上已有一个信桥在运行：http://127.0.0.1:{installation.web}\n"
        doctor = installation.command(CLI, "doctor")
        assert "✓ 数据库角色 xinqiao_app：rolsuper=f rolbypassrls=f" in doctor.stdout
        assert "✓ 后台进程心跳正常" in doctor.stdout
        verified = installation.command(CLI, *line_of("xinqiao-audit.service"))
        assert verified.returncode == 0 and "✓ 机构" in verified.stdout, verified.stdout
    assert installation.process.returncode == 0
    assert not answers(installation.web)
