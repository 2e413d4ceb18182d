"""The sentences of refusals about batches of awards, the issuance log and the audit; see `wording.py`."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    # batches
    "level-unknown": _(
        "No published program has the level %(level)s. Nothing was changed; write it as program/level, for example "
        "sexto/explorer."
    ),
    "level-needs-reviewer": _(
        "The level %(level)s is awarded by a reviewer who has read the answers, never from a list. "
        "Nothing was changed; choose a level that a quiz decides."
    ),
    "batch-begun": _("This batch is already begun, so its columns no longer change. What was issued stands."),
    "batch-withdrawn": _("This batch was taken back. Nothing was issued; send the file again to make a new batch."),
    "batch-taken-back": _(
        "This batch was already taken back, and the reason that was given first stands: %(reason)s. "
        "Nothing was changed."
    ),
    "batch-empty": _(
        "No line of this batch can be issued, so nothing was done. Read the problems below, correct the file, "
        "then send it again."
    ),
    "batch-too-long": _(
        "This file has more than %(most)s lines. Nothing was read; cut it in several files, or write to the person in "
        "charge of the site, who has no such limit."
    ),
    "row-repeated": _("This address is on an earlier line too. Keep one of the two lines."),
    "already-awarded": _("This person has the level already. Nothing is issued twice; remove the line."),
    "email-not-valid": _("This is no e-mail address. Write the address with which the person signs in."),
    "person-unknown": _(
        "Nobody has an account with this address. Ask the person to create one, or check how it is written."
    ),
    "person-not-member": _(
        "No confirmed member of your school body has this address. Confirm the person on the page of members first."
    ),
    "row-name-missing": _("A name is needed to print an attestation, and the account has none. Add it to the line."),
    "day-not-readable": _("This day cannot be read with certainty. Write it as 2026-03-21."),
    "day-to-come": _("This day is still to come. A level is awarded once it is obtained."),
    # keys
    "key-not-made": _(
        "The compromise is declared and stands, but no new key of kind %(kind)s could be made here. What was issued is "
        "kept; what is to be signed waits, at the same address. As the user who owns the folder of the keys, with "
        "JALON_SIGNER=inline, type: ./dev manage credentials keys. Then: ./dev manage credentials recover."
    ),
    # the issuance log
    "log-checkpoint-not-signed": _("The checkpoint at line %(size)s does not bear a signature of our log key."),
    "log-checkpoint-not-ours": _(
        "The checkpoint that you gave is damaged, or was not signed by a key of this log. Nothing was compared with it."
    ),
    "log-checkpoint-compromised": _(
        "The checkpoint that you gave was signed when others may already have used its key, %(key)s: it proves "
        "nothing, and nothing was compared with it. Give one from before, or one that another key signed."
    ),
    "log-cut": _(
        "The log holds %(size)s lines in a row where a checkpoint saw %(expected)s: its end, or a part, is gone."
    ),
    "log-changed": _(
        "The first %(size)s lines are not those that a checkpoint saw: a line was changed, moved or added."
    ),
    "log-longer-than-its-checkpoint": _("Lines after line %(size)s have a number that no checkpoint gave."),
    # the audit
    "audit-in-preparation": _(
        "%(count)s credentials wait for their signature (first: %(first)s). Type: ./dev manage credentials recover."
    ),
    "audit-not-in-the-log": _("%(count)s signed credentials have no line in the issuance log (first: %(first)s)."),
    "audit-no-credential": _("%(count)s awards have no credential (first: %(first)s)."),
    "audit-no-standing": _("%(count)s awards gave no standing (first: %(first)s)."),
    "audit-standing-without-award": _("%(count)s awards ended but their standing goes on (first: %(first)s)."),
    "audit-ended-without-reason": _("%(count)s awards ended without revocation or new version (first: %(first)s)."),
    "audit-stands-though-ended": _("%(count)s awards count though they were revoked or replaced (first: %(first)s)."),
    "audit-batch-unfinished": _(
        "%(count)s batches were interrupted (first: %(first)s). Type: ./dev manage credentials recover."
    ),
    "audit-key-not-replaced": _(
        "%(count)s compromised keys have no successor in use (first: %(first)s). "
        "Type: ./dev manage credentials recover."
    ),
    "audit-signed-by-compromised": _(
        "%(count)s standing credentials bear the signature of a compromised key (first: %(first)s). "
        "Type: ./dev manage credentials recover."
    ),
    "audit-status-list": _("Status list %(first)s disagrees with the awards on %(count)s entries."),
}
