"""Lock, shadow or open an organisation's sending (发送开关): a new, restored or copied installation starts locked."""

import argparse

HELP = "发送开关：锁定、影子运行、开放 / lock, shadow or open sending"
NEEDS_DATABASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """This function will take the organisation and the state, or a test number (参数)."""
    parser.add_argument("organisation", help="机构代码")
    parser.add_argument(
        "state", choices=["locked", "shadow", "open"], help="locked 锁定；shadow 只判断不发送；open 开放"
    )
    parser.add_argument("--test-number", help="锁定时也可以送达的测试号码")


def run(arguments: argparse.Namespace) -> int:
    """This function will set the state of this very installation, and say what follows from it (设置)."""
    from xinqiao.config.starting import django

    django("app")
    from xinqiao.directory.operations import set_sending
    from xinqiao.directory.queries import get_organisation
    from xinqiao.kit.actor import system
    from xinqiao.kit.clock import now
    from xinqiao.kit.rls import seen_by
    from xinqiao.messaging.operations import add_test_number, unlock_installation

    by = system("config.sending", get_organisation(code=arguments.organisation).id)
    with seen_by(by, now()):
        set_sending(organisation_id=by.organisation_id, sending=arguments.state, by=by, now=now())
        if arguments.state != "locked":
            unlock_installation(by=by, now=now())
        if arguments.test_number:
            add_test_number(address=arguments.test_number, by=by, now=now())
    said = {"locked": "只送达测试号码", "shadow": "照常判断，一条不发", "open": "照常发送"}
    print(f"✓ {arguments.organisation}：{said[arguments.state]}")
    return 0
