"""Who may use which address: the one table. An address that is not here is closed to everybody, and a test says so.

`docs/reference/access.md` is written from it; `tests/house/test_matrix.py` asks every address as every role.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

# Who: what each word of the table means. A role is never enough for an object: that must be theirs too.
WHO = {
    "anyone": "anybody, without an account",
    "person": "anybody who is signed in; an object must be their own",
    "reviewer": "reviewers",
    "author": "authors: every published version, whole",
    "registrar": "registrars; an object must be of their school body",
    "coordinator": "coordinators; an object must be of their territory",
    "journal": "privacy officers and operators",
    "operator": "operators",
    "demo": "anybody, on a demonstration site only; elsewhere the address does not exist",
}


@dataclass(frozen=True)
class Door:
    """An address: its name, who may, and by which methods. HEAD goes with GET; anything else is refused to all."""

    name: str
    who: str
    methods: str


TABLE = """
healthz anyone GET
favicon anyone GET
robots anyone GET
security anyone GET
web:home anyone GET
web:about anyone GET
web:help anyone GET
web:accessibility anyone GET
web:privacy anyone GET
web:components anyone GET
library:programs anyone GET
library:program anyone GET
library:badge anyone GET
library:contents author GET
library:content author GET
library:content-activity author GET
library:protocol anyone GET
library:protocol-version anyone GET
documents:did anyone GET
documents:status anyone GET
documents:credential anyone GET
documents:jwt anyone GET
documents:achievement anyone GET
documents:achievement_image anyone GET
files:baked anyone GET
files:paper anyone GET
credentials:badge anyone GET
credentials:mine person GET
credentials:batches registrar GET,POST
credentials:batch registrar GET
credentials:columns registrar POST
credentials:beginning registrar POST
credentials:batch-resumption registrar POST
credentials:withdrawal registrar POST
credentials:state anyone GET
credentials:issuer anyone GET
credentials:achievement anyone GET
documents:checkpoint anyone GET
credentials:sibling person POST
credentials:sharing person POST
credentials:closing person POST
attestations:attestation anyone GET
attestations:verify anyone GET,POST
agreements:coverage anyone GET
agreements:school anyone GET
agreements:letter anyone GET
agreements:letter-text anyone GET
agreements:readiness registrar GET
agreements:readiness-export registrar GET
agreements:agreements coordinator GET
agreements:new coordinator GET,POST
agreements:export coordinator GET
agreements:bodies coordinator GET
agreements:bodies-export coordinator GET
agreements:agreement coordinator GET
agreements:suspension coordinator POST
agreements:reinstatement coordinator POST
agreements:extension coordinator POST
agreements:end coordinator POST
agreements:report coordinator POST
training:path person GET
training:enrolment person POST
training:level anyone GET
training:award person POST
training:lesson-entrance anyone GET
training:lesson anyone GET
training:reading person POST
training:quiz person GET,POST
training:try person GET
training:case person GET
training:run person GET,POST
training:step person GET,POST
training:look-back person GET,POST
training:debrief person GET
training:reflection-entrance person GET
training:check person GET
training:submission person GET,POST
training:reflection person GET,POST
training:draft person POST
training:versions person GET
training:restoration person POST
training:request person GET
training:withdrawal person POST
review:queue reviewer GET
review:remarks reviewer GET,POST
review:retirement reviewer POST
review:choices reviewer GET
review:undoing reviewer POST
review:second-reading reviewer GET,POST
review:desk reviewer GET
review:claim reviewer POST
review:release reviewer POST
review:notes reviewer GET,POST
review:acceptance reviewer GET,POST
review:return reviewer GET,POST
account_login anyone GET,POST
account_request_login_code anyone GET,POST
account_confirm_login_code anyone GET,POST
account_signup anyone GET,POST
account_email_verification_sent anyone GET,POST
account_logout anyone GET,POST
account_email person GET,POST
accounts:address-primary person POST
accounts:address-removal person POST
account_inactive anyone GET
mfa_authenticate anyone GET,POST
mfa_index person GET
mfa_list_webauthn person GET
mfa_reauthenticate person GET,POST
mfa_reauthenticate_webauthn person GET,POST
mfa_activate_totp person GET,POST
mfa_deactivate_totp person GET,POST
mfa_add_webauthn person GET,POST
mfa_remove_webauthn person GET,POST
mfa_view_recovery_codes person GET
mfa_generate_recovery_codes person GET,POST
accounts:account person GET
accounts:name person POST
accounts:name-withdrawal person POST
accounts:settings person POST
accounts:declare person GET,POST
accounts:departure person POST
accounts:resend person GET
accounts:members registrar GET
accounts:imports registrar GET,POST
accounts:import registrar GET
accounts:resumption registrar POST
accounts:undoing registrar POST
accounts:upload registrar GET
accounts:upload-confirmation registrar POST
accounts:member registrar GET,POST
accounts:confirmation registrar POST
accounts:end registrar POST
accounts:journal journal GET
demo:sign-in demo POST
demo:mail demo GET
"""
DOORS = {row[0]: Door(*row) for row in map(str.split, TABLE.strip().splitlines())}


def addresses(resolver: URLResolver | None = None, before: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Yield every address of the site in French: its name and its pattern, as the site itself knows them."""
    for one in (resolver or get_resolver()).url_patterns:
        path = before + str(one.pattern).removeprefix("^").removesuffix("$")
        if isinstance(one, URLResolver):
            yield from addresses(one, path, f"{space}{one.namespace}:" if one.namespace else space)
        elif isinstance(one, URLPattern):
            yield f"{space}{one.name}", path


def page() -> str:
    """Return `docs/reference/access.md`."""
    words = "\n".join(f"| {who} | {what} |" for who, what in WHO.items())
    rows = []
    for name, path in sorted(set(addresses()), key=lambda row: row[1]):
        door = DOORS.get(name)
        said = f"{door.who} | {door.methods.replace(',', ', ')}" if door else "nobody | –"
        rows.append(f"| `/{path}` | {said} |".replace("<", "‹").replace(">", "›"))
    return (
        "# Who may\nEvery address, who may use it and how. What is not here is refused to everybody. An object of "
        "another person or organization is answered like one that does not exist.\n\n"
        f"| word | who |\n|---|---|\n{words}\n\n| address | who | methods |\n|---|---|---|\n" + "\n".join(rows) + "\n"
    )
