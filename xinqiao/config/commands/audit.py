"""Check the audit chain (核验审计链)."""

import argparse

HELP = "核验审计链 / verify the audit chain"
NEEDS_DATABASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """This function will take what to do: verify (参数)."""
    parser.add_argument("what", choices=["verify"], help="verify: 逐行重算并核对封条")


def run(arguments: argparse.Namespace) -> int:
    """This function will verify every organisation's chain against the heads kept outside the database (核验)."""
    from xinqiao.config.starting import django

    django("worker")
    from xinqiao.audit.queries import verify
    from xinqiao.audit.tasks import anchored_heads, unsealed_organisations
    from xinqiao.kit.actor import system
    from xinqiao.kit.clock import now
    from xinqiao.kit.rls import seen_by

    faults, heads = 0, anchored_heads()
    for organisation_id in unsealed_organisations(now=now()):
        by = system("audit.verify", organisation_id)
        with seen_by(by, now()):
            verdict = verify(organisation_id, viewer=by, head=heads.get(str(organisation_id or "-")))
        mark = "✗" if verdict.faults else "✓"
        print(
            f"{mark} 机构 {organisation_id or '（无）'}：{verdict.blocks} 块 {verdict.lines} 行，未封存 {verdict.unsealed} 行"
        )
        for fault in verdict.faults:
            print(f"    {fault}")
        faults += len(verdict.faults)
    return 1 if faults else 0
