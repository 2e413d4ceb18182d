// A long text saves itself: to the server, and on the device until the server has confirmed.
"use strict";

document.querySelectorAll("form[data-autosave]").forEach((form) => {
  const { text: area, revision: sentAlong, csrfmiddlewaretoken: seal } = form.elements;
  const [status, conflict, theirs] = ["status", "conflict", "theirs"].map((name) => form.querySelector(`[data-${name}]`));
  const copy = form.dataset.autosaveKey && `jalon:draft:${form.dataset.autosaveKey}`;
  let revision = Number(form.dataset.autosaveRevision); // the one that this text changes
  let confirmed = area.matches("[aria-invalid]") ? null : area.value; // what the server has
  let other = null; // another text and its revision, until the person has chosen
  let refusal = 0; // the status of a refusal: the next try is the person's
  let pending = null, mine = null; // the request under way; the copy on the device as this page left it
  let timer = 0, lastSent = 0, editedSince = 0, lastSaid = 0, saidBad = false, isLeaving = false;

  // The line is read aloud: good news at most every 30 s, bad news and its end at once.
  function tell(words, isBad = false) {
    if (!isBad && !saidBad && Date.now() - lastSaid < 30000) return;
    lastSaid = Date.now();
    saidBad = isBad;
    status.textContent = words;
  }

  // Say whether the device holds the text. The copy goes once the server has this very text; that of another tab stays.
  function keep() {
    try {
      const held = localStorage.getItem(copy);
      if (!copy || (held && held !== mine)) return false;
      const now = area.value === confirmed ? null : JSON.stringify({ text: area.value, revision });
      if (now) localStorage.setItem(copy, now); else if (held) localStorage.removeItem(copy);
      mine = now;
      return true;
    } catch { return false; } // storage refused or full: the page itself still holds the text
  }

  function write(words) {
    area.value = words;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function compare(answer) {
    other = answer;
    confirmed = theirs.value = answer.theirs;
    conflict.hidden = false;
    tell(conflict.querySelector("h2").textContent, true);
  }

  function settle(words) {
    revision = other.revision;
    other = null;
    conflict.hidden = true;
    status.textContent = "";
    write(words);
    area.focus();
    save();
  }

  // After a sign-in the seal of the form is old: take the one of the page of signing in, or of this page of this person.
  async function renewSeal() {
    const page = await fetch(location.href), words = await page.text();
    const isOurs = page.redirected || words.includes(`data-autosave-key="${form.dataset.autosaveKey}"`);
    if (isOurs) seal.value = words.match(/name="csrfmiddlewaretoken" value="(\w+)"/)[1];
  }

  async function send(keepalive, isSecond = false) {
    const sent = area.value;
    lastSent = Date.now();
    editedSince = refusal = 0;
    const response = await fetch(form.dataset.autosaveUrl, {
      method: "POST", redirect: "manual", headers: { Accept: "application/json" },
      body: new URLSearchParams({ text: sent, revision, csrfmiddlewaretoken: seal.value }),
      keepalive: keepalive && sent.length < 15000, // browsers cap at 64 KiB what outlives a page
    });
    const isJson = (response.headers.get("Content-Type") || "").includes("json");
    if (response.status === 403 && !isJson && !isSecond) return renewSeal().then(() => send(keepalive, true));
    const answer = isJson ? await response.json() : {};
    if (answer.saved_at) {
      revision = answer.revision;
      confirmed = sent;
      keep();
      return tell(form.dataset.saySaved.replace("{time}", answer.saved_at));
    }
    if (answer.theirs !== undefined) return compare(answer);
    const isSignedOut = response.type === "opaqueredirect" || [401, 403].includes(response.status);
    if (answer.reason || isSignedOut) refusal = response.status;
    tell(answer.reason || (isSignedOut ? form.dataset.saySignedOut : form.dataset.sayUnsaved), true);
  }

  async function save(keepalive = false) {
    clearTimeout(timer);
    const isKept = keep();
    if (other || area.value === confirmed) return;
    if (pending) return pending.then(() => save(keepalive)); // the last edit waits for its turn
    pending = send(keepalive).catch(() => tell(isKept ? form.dataset.sayOffline : form.dataset.sayUnsaved, true));
    await pending;
    pending = null;
    if (area.value !== confirmed && !other && !refusal) later();
  }

  // 2 s after the last key, at most every 10 s, and every 10 s for who never stops typing.
  function later() {
    clearTimeout(timer);
    editedSince ||= Date.now();
    const due = Math.min(Math.max(Date.now() + 2000, lastSent + 10000), editedSince + 10000);
    timer = setTimeout(save, due - Date.now());
  }

  area.addEventListener("input", () => (keep(), later()));
  area.addEventListener("blur", () => save());
  ["online", "focus"].forEach((name) => addEventListener(name, () => save()));
  document.addEventListener("visibilitychange", () => save(document.hidden));
  document.addEventListener("jalon:leaving", (event) => area.value !== confirmed && event.detail.push(save(true)));
  form.querySelector("[data-keep-mine]").addEventListener("click", () => settle(area.value));
  form.querySelector("[data-take-theirs]").addEventListener("click", () => settle(theirs.value));
  // What could not be saved goes with the form itself and comes back here, unless there is something to do here first.
  form.addEventListener("submit", async (event) => {
    if (sentAlong) sentAlong.value = revision;
    if (isLeaving || area.value === confirmed) return;
    event.preventDefault();
    await save();
    const staysHere = other || (area.value !== confirmed && (refusal > 403 || !navigator.onLine));
    if (staysHere) return (other ? theirs : area).focus();
    isLeaving = true;
    form.requestSubmit(area.value === confirmed ? event.submitter : null);
    isLeaving = false;
  });

  // A copy left on this device comes back, under its own revision: the server says whether the text changed meanwhile.
  let kept = null;
  try { kept = JSON.parse(mine = localStorage.getItem(copy)); } catch { /* no storage, no copy */ }
  if (!kept || kept.text === confirmed) return void keep();
  revision = kept.revision;
  write(kept.text);
  save();
});
