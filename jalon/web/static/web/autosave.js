// A long text saves itself: to the server, and on the device until the server has confirmed.
"use strict";

document.querySelectorAll("form[data-autosave]").forEach((form) => {
  const { text: area, revision: sentAlong, csrfmiddlewaretoken: seal } = form.elements;
  const status = form.querySelector("[data-status]");
  const conflict = form.querySelector("[data-conflict]");
  const theirs = form.querySelector("[data-theirs]");
  const copy = form.dataset.autosaveKey && `jalon:draft:${form.dataset.autosaveKey}`;
  let revision = Number(form.dataset.autosaveRevision);
  let confirmed = area.value; // what the server has
  let pending = null; // the request under way
  let timer = 0, lastSent = 0, editedSince = 0, lastSaid = 0, saidBad = false, isStuck = false;

  // The line is read aloud: good news at most every 30 s, bad news and its end at once.
  function tell(words, isBad = false) {
    if (!isBad && !saidBad && Date.now() - lastSaid < 30000) return;
    lastSaid = Date.now();
    saidBad = isBad;
    status.textContent = words;
  }

  // Say whether the device holds the text; a confirmed text leaves no copy behind.
  function keep() {
    try {
      if (area.value === confirmed) localStorage.removeItem(copy);
      else if (copy) localStorage.setItem(copy, JSON.stringify({ text: area.value, revision }));
      return Boolean(copy);
    } catch {
      return false; // storage refused or full: the page itself still holds the text
    }
  }

  function write(words) {
    area.value = words;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function compare(other, otherRevision) {
    isStuck = true;
    revision = otherRevision;
    theirs.value = other;
    conflict.hidden = false;
    tell(conflict.querySelector("h2").textContent, true);
  }

  function settle(words) {
    isStuck = false;
    conflict.hidden = true;
    confirmed = theirs.value;
    write(words);
    area.focus();
    save();
  }

  // After a new sign-in the seal of the form is old: take the one that the page has now.
  async function renewSeal() {
    const page = await fetch(location.href, { redirect: "manual" });
    const found = page.ok && (await page.text()).match(/name="csrfmiddlewaretoken" value="(\w+)"/);
    if (found) seal.value = found[1];
  }

  async function send(keepalive) {
    const sent = area.value;
    lastSent = Date.now();
    editedSince = 0;
    const response = await fetch(form.dataset.autosaveUrl, {
      method: "POST", redirect: "manual", headers: { Accept: "application/json" },
      body: new URLSearchParams({ text: sent, revision, csrfmiddlewaretoken: seal.value }),
      keepalive: keepalive && sent.length < 15000, // browsers cap at 64 KiB what outlives a page
    });
    const isJson = (response.headers.get("Content-Type") || "").includes("json");
    const answer = isJson ? await response.json() : {};
    if (answer.saved_at) {
      revision = answer.revision;
      if (sentAlong) sentAlong.value = revision;
      confirmed = sent;
      keep();
      return tell(form.dataset.saySaved.replace("{time}", answer.saved_at));
    }
    if (answer.theirs !== undefined) return compare(answer.theirs, answer.revision);
    isStuck = Boolean(answer.reason);
    const isSignedOut = response.type === "opaqueredirect" || [401, 403].includes(response.status);
    tell(answer.reason || (isSignedOut ? form.dataset.saySignedOut : form.dataset.sayUnsaved), true);
    if (isSignedOut) await renewSeal();
  }

  async function save(keepalive = false) {
    clearTimeout(timer);
    const isKept = keep();
    if (isStuck || area.value === confirmed) return;
    if (pending) return pending.then(() => save(keepalive)); // the last edit waits for its turn
    pending = send(keepalive).catch(() => tell(isKept ? form.dataset.sayOffline : form.dataset.sayUnsaved, true));
    await pending;
    pending = null;
    if (area.value !== confirmed && !isStuck) later();
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
  addEventListener("online", () => save());
  document.addEventListener("visibilitychange", () => document.hidden && save(true));
  document.addEventListener("jalon:leaving", (event) => area.value !== confirmed && event.detail.push(save(true)));
  form.querySelector("[data-keep-mine]").addEventListener("click", () => settle(area.value));
  form.querySelector("[data-take-theirs]").addEventListener("click", () => settle(theirs.value));
  form.addEventListener("submit", async (event) => {
    if (area.value === confirmed) return;
    event.preventDefault();
    await save();
    confirmed = isStuck ? confirmed : area.value; // sent with the form itself when saving did not work
    if (!isStuck) form.requestSubmit(event.submitter);
  });

  // A copy left on this device comes back; beside the other text when that one changed meanwhile.
  let kept = null;
  try { kept = JSON.parse(localStorage.getItem(copy)); } catch { /* no storage, no copy */ }
  if (!kept || kept.text === confirmed) return void keep();
  const [other, otherRevision] = [confirmed, revision];
  write(kept.text);
  if (kept.revision === revision) save();
  else compare(other, otherRevision);
});
