import json
from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from tqdm import tqdm

from jalon.core import codes
from jalon.core.dossier import Dossier
from jalon.core.names import clean_name, why_not_name
from jalon.core.refusals import Refused, insist
from jalon.credentials import actions, batches, recovery, selfcheck
from jalon.credentials.models import DUPLICATES, KEY_KINDS, Award, Batch, Key
from jalon.credentials.rows import counted, refusal_of
from jalon.web.wording import sentence
from jalon.web.words import mixed_name

MOST_PROBLEMS = 20


class Command(BaseCommand):
    help = "Keys and their signer; awards from a list; corrections and revocations; recovery, audit, self-check."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        self.add_keys(verbs)
        self.add_awards(verbs)
        recover = verbs.add_parser("recover", help="finish whatever a crash left half done, with the same ids")
        recover.add_argument("--void", action="store_true", help="revoke what can no longer be signed as reserved")
        verbs.add_parser("audit", help="say every half state; exits 0 when there is none")
        check = verbs.add_parser("self-check", help="verify stored credentials with a library that is not ours")
        check.add_argument("--sample", type=int, default=1_000, help="how many at most, drawn at random; 0 for all")

    def add_keys(self, verbs: Any) -> None:
        keys = verbs.add_parser("keys", help="make the keys that are missing; with --new KIND, replace one")
        keys.add_argument("--new", choices=KEY_KINDS)
        verbs.add_parser("signer", help="run the process that alone reads the private keys (JALON_SIGNER=process)")
        stolen = verbs.add_parser("compromise", help="declare that others may have used a key since a moment")
        stolen.add_argument("kid")
        stolen.add_argument("--since", required=True, help="such as 2026-03-02T14:05:00-05:00")

    def add_awards(self, verbs: Any) -> None:
        revoke = verbs.add_parser("revoke", help="take an award back")
        revoke.add_argument("code")
        revoke.add_argument("--reason", required=True, help="shown on the public page of the badge")
        correct = verbs.add_parser("correct", help="make a new version of an award, with another name")
        correct.add_argument("code")
        correct.add_argument("--name", required=True)
        batch = verbs.add_parser("batch", help="award a level to everybody in a CSV or XLSX; checks without --commit")
        batch.add_argument("file", type=Path)
        batch.add_argument("--level", required=True, help="program/level")
        batch.add_argument("--commit", action="store_true", help="issue the sound lines")
        batch.add_argument("--new-people", action="store_true", help="make an account where there is none")
        batch.add_argument("--duplicates", choices=DUPLICATES, default="SKIP")
        batch.add_argument("--column", action="append", default=[], metavar="COLUMN=HEADING")
        batch.add_argument("--json", action="store_true")
        withdraw = verbs.add_parser("withdraw", help="revoke everything that a batch issued")
        withdraw.add_argument("batch")
        withdraw.add_argument("--reason", required=True)

    def handle(self, *, verb: str, **options: Any) -> None:
        try:
            getattr(self, verb.replace("-", "_"))(**options)
        except Refused as refused:
            with translation.override("en-ca"):
                raise CommandError(sentence(refused.refusal)) from refused

    def keys(self, *, new: str | None = None, **options: Any) -> None:
        in_use = set(Key.objects.filter(retired_at=None).values_list("kind", flat=True))
        wanted = [new] if new else [kind for kind in KEY_KINDS if kind not in in_use]
        for kind in wanted:
            self.stdout.write(f"{actions.create_key(kind=kind, at=timezone.now()).kid} is in use.")
        if not wanted:
            self.stdout.write("Every kind of key is in use already; --new replaces one.")

    def signer(self, **options: Any) -> None:
        socket = settings.JALON_SIGNER_SOCKET
        actions.run_signer(ready=lambda: self.stderr.write(f"Signing for whoever may open {socket}."))

    def compromise(self, *, kid: str, since: str, **options: Any) -> None:
        moment = parse_datetime(since)
        if moment is None or timezone.is_naive(moment):
            raise CommandError("--since is a moment with its offset, such as 2026-03-02T14:05:00-05:00.")
        if not Key.objects.filter(kid=kid).exists():
            raise CommandError("No key has this name. Nothing was changed.")
        renewed = recovery.declare_compromise(kid=kid, since=moment, at=timezone.now())
        key = Key.objects.get(kid=kid)
        new = Key.objects.get(kind=key.kind, retired_at=None)
        from_then = (key.compromised_from or moment).isoformat(timespec="seconds")
        self.stdout.write(COMPROMISED[key.kind].format(kid=kid, new=new, since=from_then, renewed=renewed))
        if left := recovery.signed_by_compromised().count():
            raise CommandError(f"{left} could not be signed anew. Type: ./dev manage credentials recover")

    def recover(self, *, void: bool = False, **options: Any) -> None:
        done = recovery.recover(at=timezone.now(), voids=void)
        said = [f"{done['signed']} signed."]
        said += [f"{count} {name}." for name, count in done.items() if count and name != "signed"]
        self.stdout.write(" ".join(said))
        if done["failed"]:
            raise CommandError("What failed stands above, each with its key; everything else was done.")

    def audit(self, **options: Any) -> None:
        found = list(recovery.audit())
        with translation.override("en-ca"):
            for refusal in found:
                self.stderr.write(sentence(refusal))
        if found:
            raise CommandError(f"{len(found)} kinds of half state.")
        self.stdout.write("No half state.")

    def self_check(self, *, sample: int, **options: Any) -> None:
        done = selfcheck.run(most=sample or None, at=timezone.now())
        self.stdout.write(f"{done.checked} checked by {done.library}, {done.failed} failures.")
        if done.failures:
            raise CommandError(json.dumps(done.failures[:MOST_PROBLEMS]))

    def revoke(self, *, code: str, reason: str, **options: Any) -> None:
        actions.revoke(award=award_of(code), reason=reason, by=None, at=timezone.now())
        self.stdout.write("Revoked. The public page and the status list say so from now on.")

    def correct(self, *, code: str, name: str, **options: Any) -> None:
        award = award_of(code)
        insist(why_not_name(name))
        facts = replace(Dossier.from_json(award.facts), name=clean_name(name))
        version = actions.correct(award=award, facts=facts, by=None, at=timezone.now())
        self.stdout.write(f"Corrected. The new version is {codes.display(version.code)}; the old one leads to it.")

    def batch(self, *, file: Path, level: str, commit: bool, **options: Any) -> None:
        people = "ANY" if options["new_people"] else "KNOWN"
        asked = batches.Asked(level, duplicates=options["duplicates"], people=people)
        columns = dict(one.split("=", 1) for one in options["column"] if "=" in one) or None
        at = timezone.now()
        with tqdm(desc="Lines read", unit="", disable=None) as bar:
            batch, told = batches.try_out(
                path=file, asked=asked, columns=columns, keeps=commit, at=at, progress=bar.update
            )
        if commit:
            told |= self.issue(batch, at=at)
        self.stdout.write(json.dumps(told, ensure_ascii=False) if options["json"] else in_words(told))
        if told["problems"]:
            raise CommandError("Some lines have a problem; the others are not held up by them.")

    def issue(self, batch: Batch, *, at: datetime) -> Mapping[str, Any]:
        batches.begin(batch=batch, by=None, at=at, runs=False)
        with tqdm(desc="Awards", unit="", total=counted(batch)["READY"], disable=None) as bar:
            batches.go_on(batch_id=batch.pk, at=at, progress=bar.update)
        return {"batch": str(batch.pk), **counted(batch)}

    def withdraw(self, *, batch: str, reason: str, **options: Any) -> None:
        found = Batch.objects.filter(pk=batch).first()
        if found is None:
            raise CommandError("No batch has this key. Nothing was changed.")
        batches.withdraw(batch=found, reason=reason, by=None, at=timezone.now())
        batches.go_on(batch_id=found.pk, at=timezone.now())
        self.stdout.write("Taken back. Whoever checks one of its badges reads the reason.")


def award_of(code: str) -> Award:
    parsed = codes.parse(code)
    award = Award.objects.filter(code=parsed.code).first() if parsed else None
    if award is None:
        raise CommandError("No award has this code. Nothing was changed.")
    return award


def in_words(told: Mapping[str, Any]) -> str:
    """Return what was found, a line each; a problem begins with the line of the file."""
    with translation.override("en-ca"):
        lines = [f"line {one['line']}, {one['column']}: {sentence(refusal_of(one))}" for one in told["problems"]]
        lines += [f"line {one['line']}, « {one['value']} »: {mixed_name(one['value'])}" for one in told["mixed"]]
    counts = ", ".join(f"{told[name]} {word}" for name, word in WORDS.items())
    what = f"Batch {told['batch']}: " if told.get("batch") else "Checked, nothing was written; add --commit to issue: "
    return "\n".join([*lines, what + counts + "."])


COMPROMISED = {
    "ED25519": "{kid} proves nothing any more but what the log held before. {renewed} signed anew.",
    "P256": "{kid} proves nothing any more but what the log held before. {renewed} tokens were forgotten; each is "
    "signed anew when it is asked for.",
    "SEAL": "New papers are sealed with {new}. Those sealed with {kid} keep their seal, which from {since} on proves "
    "nothing by itself any more; the credential in them does.",
    "LOG": "Checkpoints are signed with {new} from now on. One that {kid} signed at {since} or later, kept elsewhere, "
    "is refused; an earlier one still counts.",
}
WORDS = {"READY": "to issue", "ISSUED": "issued", "KNOWN": "already awarded", "PROBLEM": "with a problem"}
