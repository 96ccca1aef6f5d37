"""Found an organisation with its first administrators (初始化机构): passwords are made here, printed once, and changed at first sign-in."""

import argparse

HELP = "新建机构与首批管理员 / found an organisation and its first administrators"
NEEDS_DATABASE = True
FIRST = (("sysadmin", "系统管理员"), ("secadmin", "安全管理员"), ("auditor", "审计管理员"))


def arguments(parser: argparse.ArgumentParser) -> None:
    """This function will take what the organisation is called (参数)."""
    parser.add_argument("code", help="机构代码，如 jz1y")
    parser.add_argument("name", help="机构全称")
    parser.add_argument("--short-name", default="", help="简称，也用作短信签名")
    parser.add_argument("--domain", default="", help="患者端域名；短信里的链接用它")
    parser.add_argument("--phone", default="", help="对外电话")


def run(arguments: argparse.Namespace) -> int:
    """This function will found it, and print the three logins once (初始化)."""
    from xinqiao.config.starting import django

    django("app")
    from django.db import transaction

    from xinqiao.accounts.operations import create_staff
    from xinqiao.directory.operations import create_organisation, give_post
    from xinqiao.kit.actor import system
    from xinqiao.kit.clock import real_now
    from xinqiao.kit.rls import seen_by

    now, told = real_now(), []
    with transaction.atomic():
        organisation_id = create_organisation(
            code=arguments.code, name=arguments.name, short_name=arguments.short_name, domain=arguments.domain,
            phone=arguments.phone, by=system("config.init"), now=now,
        )  # fmt: skip
        by = system("config.init", organisation_id)
        with seen_by(by, now):
            for role, title in FIRST:
                login, password = f"{arguments.code}-{role}", _first_password()
                user_id = create_staff(login=login, name=title, password=password, by=by, now=now)
                give_post(user_id=user_id, organisation_id=organisation_id, role=role, by=by, now=now)
                told.append(f"    {title}　{login}　{password}")
    print(f"✓ {arguments.name}（{arguments.code}）已建立。首次登录要绑定动态口令并改密码：", *told, sep="\n")
    return 0


def _first_password() -> str:
    """Sixteen signs without look-alikes, of every kind that the profile asks for."""
    from xinqiao.kit.ids import RANDOM

    kinds = ("ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz", "23456789", "-+=#")
    signs = [RANDOM.choice(kind) for kind in kinds] + RANDOM.choices("".join(kinds[:3]), k=12)
    RANDOM.shuffle(signs)
    return "".join(signs)
