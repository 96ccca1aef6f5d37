"""Opening the demonstration (开演): claim the folder, prepare the database, seed it once, start every process."""

import json
import os
import shutil
from datetime import timedelta
from pathlib import Path

from xinqiao.config.demo import town
from xinqiao.config.installation import server
from xinqiao.config.supervisor import Child, Supervisor, demand_port, python
from xinqiao.kit import clock
from xinqiao.kit.errors import Refused

LOGINS = (
    ("chen_jing", "陈静", "护士·心血管内科"),
    ("zhang_mingyuan", "张明远", "医生·心血管内科"),
    ("liu_jianhua", "刘建华", "科主任·心血管内科"),
    ("yun_ying", "周运营", "管理者"),
    ("fu_wu", "服务台", "服务台（异常报文）"),
    ("sun_li", "孙丽", "管理者·安禾妇儿医院"),
    ("he_wei", "何伟", "系统管理员"),
    ("qian_shen", "钱审", "审计管理员"),
    ("stranger", "陌生人", "没有任何岗位"),
)


class NotADemo(Refused):
    """这个数据目录里不是演示数据，不会清空。请用 XINQIAO_HOME 指定另一个目录。"""


class Demonstration:
    """One demonstration on one data folder (演示)."""

    def __init__(self, home: Path, port: int, mllp_port: int, people: int) -> None:
        self.home, self.port, self.mllp_port, self.people = home, port, mllp_port, people
        self.scene = town.Scene(home)
        self.supervisor = Supervisor(home, server())
        self.begun = home / "demo.begun"  # there while the seeding runs: half a seeding is thrown away
        self.address = f"http://localhost:{port}"

    def claim(self) -> None:
        """This function will make sure that the folder and the ports are ours (独占)."""
        self.supervisor.claim({"address": self.address})
        for port in (self.port, *self.ports().values()):
            demand_port(port)

    def ports(self) -> dict[str, int]:
        """This function will name the other ports: one MLLP port an organisation, the text provider, mail, the phones."""
        return {
            "mllp": self.mllp_port, "mllp2": self.mllp_port + 1, "mllp3": self.mllp_port + 2,
            "sms": self.port + 1, "mail": self.port + 2, "phones": self.port + 3,
        }  # fmt: skip

    def clear(self) -> None:
        """This function will throw the demonstration's data away, after making sure that they are such (清空)."""
        if not (self.scene.exists or self.begun.exists()) and (self.home / "postgres").exists():
            raise NotADemo
        server().stop()
        for path in self.home.iterdir():
            if path.name not in ("run.json", "secrets"):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for path in (self.home / "secrets").iterdir():
            if path.name != "root.key":
                path.unlink()
        print("✓ 演示数据已清空")

    def prepare(self) -> None:
        """This function will bring the database up to date, and seed it the first time (准备)."""
        from xinqiao.config.starting import django

        if self.begun.exists():
            print("上次装填没有完成，从头再来…")
            self.clear()
        self._write_account()
        django("owner")
        from xinqiao.config.upgrading import upgrade

        for line in upgrade():
            print(line)
        if not self.scene.exists:
            self._seed()
        os.environ["XINQIAO_PORT"] = str(self.port)

    def start(self) -> None:
        """This function will start every process (启动)."""
        web = python("web", "--port", str(self.port))
        listener = python("listener", "--port", str(self.mllp_port))
        self.supervisor.children = [
            Child("web", web, {"XINQIAO_ROLE": "app"}),
            Child("worker", python("worker"), {"XINQIAO_ROLE": "worker"}),
            Child("listener", listener, {"XINQIAO_ROLE": "worker"}),
            Child(
                "simulate",
                python("simulate", "--port", str(self.port), "--mllp-port", str(self.mllp_port)),
                {},
            ),
        ]
        self.supervisor.start()
        self._await_web()

    def tell(self, seconds: float) -> None:
        """This function will print the addresses and logins (告知)."""
        print(
            f"\n✓ 演示医院已打开（{seconds:.0f} 秒）　按 Ctrl-C 停止，数据会保留；make demo-reset 从头再来\n"
        )
        print(f"  导览台      http://demo.xinqiao.localhost:{self.port}/demo")
        print(f"  工作台      {self.address}/login")
        for organisation in town.organisations():
            print(f"  患者端      http://{town.domain(organisation)}:{self.port}/　{organisation.name}")
        print(f"  患者的手机  http://localhost:{self.ports()['phones']}/")
        print(
            f"  HL7 端口    127.0.0.1:{self.mllp_port}（江州一院）{self.mllp_port + 1}（安禾）{self.mllp_port + 2}（滨江）"
        )
        print(f"\n  密码都是 {town.PASSWORD}　动态口令：.venv/bin/xinqiao demo code 登录名")
        for login, name, role in LOGINS:
            print(f"    {login:<16}{name}　{role}")
        print()

    def _seed(self) -> None:
        from django.conf import settings

        from xinqiao.config.demo.seeding import seed
        from xinqiao.kit.database import OWNER, connect

        begins_at = town.tuesday_morning(clock.real_now())
        self.begun.touch()
        print(f"首次打开，正在装填 {self.people:,} 位患者与九十天的过往…")
        with connect(server(), OWNER, str(settings.DATABASES["default"]["NAME"])) as owner:
            seed(owner, begins_at, self.people, say=lambda line: print(f"  ✓ {line}", flush=True))
            owner.execute("ANALYZE")
        clock.set_shift(self.home / "clock.json", begins_at - clock.real_now() + timedelta(0))
        self.scene.write(begins_at, self.people, self.port)
        self.begun.unlink()

    def _write_account(self) -> None:
        """The account at the simulated text provider; its key is this installation's own."""
        from xinqiao.config.demo.provider import account

        path = self.home / "secrets" / "sms.json"
        path.touch(mode=0o600)
        path.write_text(json.dumps(account(self.ports()["sms"])), "utf-8")

    def _await_web(self) -> None:
        import time
        import urllib.error
        import urllib.request

        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2).close()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise Refused(f"网页服务没有应答，请查看 {self.home / 'logs' / 'web.log'}")
