"""The table of pages: every address that answers a page, as whom it is opened, and in which states."""

from collections.abc import Callable
from dataclasses import dataclass

from jalon.core.packs import Lesson, Quiz
from tests.stories.world import World

Facts = dict[str, object]
Named = Callable[[World], Facts]


def nothing(world: World) -> Facts:
    return {}


@dataclass(frozen=True)
class Look:
    """One page in one state.

    Args:
        who: somebody of the world; nobody is a visitor.
        names: what the address names, as `reverse` wants it.
        query: what follows the address.
        sent: what gives the fields of a form that is posted to the address; nothing: the page is opened. In a field,
            `{prefix}` is the language of the address, `{scripts}` whether they are on or off.
        begins: the page from which the form is posted, when the address itself answers no page.
        posted_to: the address that gets the form, when it leads here.
        status: what the page answers.
    """

    who: str = ""
    names: Named = nothing
    query: str = ""
    sent: Named | None = None
    begins: str = ""
    posted_to: str = ""
    status: int = 200


# What addresses name

SLUG: Facts = {"slug": "sexto"}


def program(world: World) -> Facts:
    return SLUG


def withdrawn(world: World) -> Facts:
    return {"slug": "retire"}


def level(name: str) -> Named:
    return lambda world: {**SLUG, "level": name}


def first_of(world: World, level_id: str, kind: type) -> Facts:
    """Return the names of the first activity of this kind."""
    pack = world.story.following.release.pack
    found = next(one for one in pack.activities(pack.level(level_id)) if isinstance(one, kind))
    return {**SLUG, "level": level_id, found.kind: found.id}


def lesson(world: World, *, place: int = 0) -> Facts:
    names = first_of(world, "explorer", Lesson)
    return {**names, "part": world.story.release.pack.activity(f"lesson/{names['lesson']}").parts[place].id}


def last_part(world: World) -> Facts:
    return lesson(world, place=-1)


def entrance(world: World) -> Facts:
    return first_of(world, "explorer", Lesson)


def quiz(world: World) -> Facts:
    return first_of(world, "explorer", Quiz)


def tried(number: int) -> Named:
    return lambda world: {**quiz(world), "number": number}


def case(place: int, **more: object) -> Named:
    """Name a case: the first is in its middle, the second over but not looked back on, the third just begun."""
    return lambda world: {**SLUG, "level": "architect", "case": world.cases[place].id, **more}


def reflection(world: World) -> Facts:
    return {**SLUG, "level": "architect", "reflection": world.story.submission.reflection}


def question(place: int) -> Named:
    def named(world: World) -> Facts:
        names = reflection(world)
        questions = world.story.release.pack.activity(f"reflection/{names['reflection']}").questions
        return {**names, "question": questions[place].id}

    return named


def request(place: int) -> Named:
    return lambda world: {"pk": world.story.following.submissions.order_by("round")[place].pk}


def key(name: str) -> Named:
    return lambda world: {"pk": world.keys[name]}


def award(name: str) -> Named:
    return lambda world: {"code": world.code(name)}


def revoked(world: World) -> Facts:
    return {"code": world.revoked}


def closed(world: World) -> Facts:
    return {"code": world.closed}


def mixed(world: World) -> Facts:
    return {"code": world.mixed}


def document(world: World, **more: object) -> Facts:
    return {"code": world.code("explorer"), "language": "fr", **more}


def achievement(world: World) -> Facts:
    return {**SLUG, "version": world.story.release.version, "level": "explorer"}


def content(world: World) -> Facts:
    return {**SLUG, "version": world.story.release.version}


def written(kind: str) -> Named:
    """Name the first activity of this kind, as an author reads it."""

    def named(world: World) -> Facts:
        pack = world.story.release.pack
        every = (one for level in pack.levels for one in pack.activities(level))
        return {**content(world), "kind": kind, "activity": next(one.id for one in every if one.kind == kind)}

    return named


def school(code: str) -> Named:
    return lambda world: {"code": code}


def agreement(reference: str) -> Named:
    return lambda world: {"pk": world.agreement(reference).pk}


def membership(of: str) -> Named:
    return lambda world: {"pk": world.people[of].affiliations.get().pk}


# Who is not in the world: a window of their own each

ARRIVING, JOINING, LATE = "who signs in", "who signs up", "whose session ended"
VISITORS = {"", ARRIVING, JOINING, LATE}


def overlap(world: World) -> Facts:
    """Write down an agreement whose days meet those of another one."""
    return {
        "kind": "PROSECUTOR",
        "police_service": world.agreement("ENT-FICTIVE-01").police_service_id,
        "reference": "ENT-DOUBLE",
        "starts_on": "2026-01-01",
        "ends_on": "2027-01-01",
        "signatories": "Direction du service",
    }


def sent(**fields: object) -> Named:
    return lambda world: fields


EMPTY = sent()
HOME, ACCOUNT = "web:home", "accounts:account"
DESK, ONE = "review:desk", "agreements:agreement"
PAGES: dict[str, list[Look]] = {
    # what everybody may read
    **{f"web:{name}": [Look()] for name in ("about", "help", "accessibility", "privacy", "components")},
    "web:home": [Look(), Look("learner")],
    "library:programs": [Look(), Look(query="?q=zzz")],
    "library:program": [Look(names=program), Look("learner", program), Look(names=withdrawn)],
    "library:protocol": [Look(names=program)],
    "library:protocol-version": [
        Look(names=lambda world: {**program(world), "version": world.story.release.version}),
    ],
    "credentials:badge": [
        Look(names=award("explorer")),
        Look(names=award("architect")),
        Look(names=revoked),
        Look(names=closed, status=403),
        Look(names=mixed),
        Look("writer", closed),
        Look(names=lambda world: {"code": "0"}, status=404),
    ],
    "credentials:state": [Look()],
    "credentials:issuer": [Look()],
    "credentials:achievement": [Look(names=achievement)],
    "attestations:attestation": [
        Look(names=award("explorer")),
        Look("learner", award("architect"), query="?answers=1"),
        Look(names=revoked, status=410),
        Look(names=closed, status=403),
        Look(names=mixed),
    ],
    "attestations:verify": [
        Look(),
        Look(sent=EMPTY),
        Look(sent=lambda world: {"code": world.code("architect")}),
        Look(sent=lambda world: {"code": world.revoked}),
        Look(sent=mixed),
        Look(sent=sent(code="2222222222")),
    ],
    "agreements:coverage": [Look(), Look(query="?q=ecole"), Look(query="?q=zzz")],
    "agreements:school": [Look(names=school(code)) for code in ("991001", "991016", "991006", "991014")],
    "agreements:letter": [Look(names=school("991016"), query=query) for query in ("", "?to=police")],
    "demo:mail": [Look()],
    "failing": [
        Look(names=lambda world, code=code: {"code": code}, status=code) for code in (400, 403, 404, 429, 500, 503)
    ],
    # an account
    "account_login": [Look(), Look(sent=sent(login="x"))],
    "account_request_login_code": [Look()],
    "account_confirm_login_code": [
        Look(ARRIVING, sent=sent(login="camille.exemple@ecole.example"), posted_to="account_login"),
        Look(ARRIVING, sent=sent(code="AAAAAA")),
    ],
    "account_signup": [Look(), Look(sent=sent(email="x"))],
    "account_email_verification_sent": [
        Look(JOINING, sent=sent(email="nouvelle.personne@ecole.example"), posted_to="account_signup"),
        Look("learner", sent=sent(email="autre.{scripts}@ecole.example", action_add="yes"), posted_to="account_email"),
    ],
    "account_inactive": [Look()],
    "account_logout": [Look("learner")],
    "account_email": [
        Look("learner"),
        Look("learner", sent=sent(email="x", action_add="yes"), status=422),
    ],
    "accounts:account": [Look(who) for who in ("learner", "newcomer", "registrar", "writer")],
    "accounts:name": [Look("newcomer", sent=sent(legal_name="\u2603"), begins=ACCOUNT, status=422)],
    "accounts:settings": [Look("newcomer", sent=EMPTY, begins=ACCOUNT, status=422)],
    "accounts:declare": [
        Look("newcomer"),
        Look("newcomer", query="?q=boussole"),
        Look("newcomer", query="?q=zzz"),
        Look("newcomer", query="?q=boussole", sent=EMPTY),
    ],
    "accounts:resend": [
        Look(LATE, sent=sent(legal_name="Un nom, écrit trop tard"), begins="account_login", posted_to="accounts:name"),
        Look(
            LATE,
            lambda world: {"who": "learner"},
            sent=sent(next="{prefix}/account/resend/"),
            begins="account_login",
            posted_to="demo:sign-in",
        ),
    ],
    # a learner
    "training:path": [Look(who) for who in ("learner", "newcomer", "writer", "novice", "uncovered")],
    "training:level": [
        Look(who, level(name)) for who in ("", "learner", "novice") for name in ("explorer", "architect")
    ]
    + [Look(who, level("explorer")) for who in ("uncovered", "colleague", "writer")],
    "training:lesson": [Look(names=lesson), Look("novice", lesson), Look("learner", last_part)],
    "training:quiz": [Look("novice", quiz), Look("novice", quiz, sent=EMPTY, status=422)],
    "training:try": [Look("learner", tried(1)), Look("learner", tried(2))],
    "training:case": [Look("learner", case(0)), Look("writer", case(1)), Look("novice", case(2))],
    "training:step": [
        Look("learner", case(0, number=3, step=1)),
        Look("learner", case(0, number=3, step=2)),
        Look("learner", case(2, number=3, step=1)),
        Look("learner", case(2, number=3, step=1), sent=EMPTY, status=422),
        Look("learner", lambda world: case(1, number=3, step=len(world.story.recorded(world.cases[1])[0]) + 1)(world)),
    ],
    "training:look-back": [
        Look("learner", case(1, number=3)),
        Look("learner", case(1, number=3), sent=EMPTY, status=422),
    ],
    "training:debrief": [Look("learner", case(place, number=number)) for place, number in ((0, 1), (1, 2))],
    "training:reflection": [
        Look("writer", question(0)),
        Look("writer", question(1)),
        Look("writer", question(0), sent=sent(text="Un autre texte.", revision=1), status=409),
    ],
    "training:versions": [Look("writer", question(0))],
    "training:check": [Look("writer", reflection)],
    "training:submission": [Look("writer", reflection, sent=EMPTY, begins=HOME, status=422)],
    "training:request": [Look("learner", request(0)), Look("learner", request(1))],
    "training:award": [Look("uncovered", level("explorer"), sent=EMPTY, begins=HOME)],
    "training:enrolment": [Look("uncovered", program, sent=EMPTY, begins=HOME, status=409)],
    "credentials:mine": [Look(who) for who in ("learner", "newcomer", "member", "writer")],
    "credentials:sibling": [Look("member", revoked, sent=EMPTY, begins=HOME, status=410)],
    "credentials:sharing": [
        Look("learner", award("architect"), sent=sent(csrfmiddlewaretoken="x"), begins=HOME, status=403)
    ],
    "credentials:closing": [Look("learner", award("architect"), sent=EMPTY, begins=HOME)],
    # a reviewer
    "review:queue": [Look("learner", status=403), Look("reviewer"), Look("reviewer", query="?age=7")],
    "review:remarks": [Look("reviewer"), Look("reviewer", sent=EMPTY, status=422)],
    "review:choices": [Look("reviewer")],
    "review:desk": [
        *[Look("reviewer", key(name)) for name in ("free", "held", "drawn")],
        *[Look("second", key(name)) for name in ("free", "held")],
        *[Look("reviewer", request(place)) for place in range(2)],
    ],
    "review:acceptance": [Look("reviewer", key("held"), sent=EMPTY, begins=HOME, status=422)],
    "review:return": [Look("reviewer", key("held"), sent=EMPTY, begins=HOME, status=422)],
    "review:second-reading": [
        Look("second", key("drawn")),
        Look("second", key("drawn"), sent=EMPTY, status=422),
    ],
    # a registrar
    "accounts:members": [
        Look("registrar"),
        Look("registrar", query="?state=waiting"),
        Look("registrar", query="?q=zzz"),
    ],
    "accounts:member": [
        Look("registrar", membership("learner")),
        Look("registrar", membership("writer")),
        Look("registrar", membership("learner"), sent=sent(ends_on="bientôt"), status=422),
    ],
    "accounts:imports": [Look("registrar"), Look("registrar", sent=EMPTY, status=422)],
    "accounts:upload": [Look("registrar", key("upload"))],
    "accounts:import": [
        Look("registrar", key(name)) for name in ("imported", "checking", "importing", "still", "undoing", "stopped")
    ],
    "agreements:readiness": [Look("registrar")],
    "credentials:batches": [Look("registrar"), Look("registrar", sent=EMPTY)],
    "credentials:batch": [Look("registrar", key("waiting")), Look("registrar", key("begun"))],
    # a coordinator
    "agreements:agreements": [Look("coordinator"), Look("coordinator", query="?soon=1"), Look("learner", status=403)],
    "agreements:agreement": [
        Look("coordinator", agreement(reference))
        for reference in ("ENT-FICTIVE-01", "ENT-FICTIVE-03", "ENT-FICTIVE-05")
    ]
    + [Look("coordinator", agreement("ENT-FICTIVE-214-1"))],
    "agreements:new": [
        Look("coordinator"),
        Look("coordinator", sent=overlap, status=422),
        Look("coordinator", sent=EMPTY, status=422),
    ],
    "agreements:suspension": [
        Look("coordinator", agreement("ENT-FICTIVE-01"), sent=EMPTY, begins=HOME, status=422),
    ],
    "agreements:report": [Look("coordinator", agreement("ENT-FICTIVE-214-1"), sent=EMPTY, begins=HOME, status=422)],
    "agreements:bodies": [Look("coordinator")],
    # an author
    "library:contents": [Look("author")],
    "library:content": [Look("author", content)],
    "library:content-activity": [Look("author", written(kind)) for kind in ("lesson", "quiz", "case", "reflection")],
    # a privacy officer
    "accounts:journal": [
        Look("officer"),
        Look("officer", query="?page=9"),
    ],
}

# Pages that ask for a device or a secret: their own story looks at them in their forms.
ELSEWHERE = {"test_second_step.py": "mfa_"}

# Addresses that never answer a page: documents, files, and those that only lead on. A test asks each of them.
NO_PAGE: dict[str, Look] = {
    "healthz": Look(),
    "favicon": Look(),
    "robots": Look(),
    "security": Look(),
    "library:badge": Look(names=lambda world: {**SLUG, "badge": "explorer"}),
    "documents:did": Look(),
    "documents:status": Look(names=lambda world: {"number": 1}),
    "documents:credential": Look(names=document),
    "documents:jwt": Look(names=document),
    "documents:achievement": Look(names=lambda world: {**achievement(world), "language": "fr"}),
    "documents:achievement_image": Look(names=achievement),
    "documents:checkpoint": Look(),
    "files:baked": Look(names=lambda world: document(world, form="svg")),
    "files:paper": Look(names=document),
    "agreements:letter-text": Look(names=school("991016")),
    **{
        f"agreements:{name}-export": Look(who, lambda world: {"kind": "csv"})
        for name, who in (("readiness", "registrar"), ("bodies", "coordinator"))
    },
    "agreements:export": Look("coordinator", lambda world: {"kind": "csv"}),
    "training:lesson-entrance": Look(names=entrance),
    "training:run": Look("learner", case(0, number=3)),
    "training:reflection-entrance": Look("writer", reflection),
    "review:notes": Look("reviewer", key("held")),
}
