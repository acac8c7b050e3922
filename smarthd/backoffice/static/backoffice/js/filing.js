// <form data-filing>: keeps a report as it is typed, on the device at once and on the server soon after; survives losing the network;
// seals a finished report and sends it when the network is back. Without this module the form saves and sends by its buttons.
import * as drafts from "./drafts.js";
import * as numbers from "./numbers.js";

const AFTER_TYPING = 1200;
const TRY_AGAIN = 15000;

export function start(form) {
  const wiring = JSON.parse(document.getElementById("bieu-noi").textContent);
  const words = wordsOf(document.querySelector("template[data-words]"));
  new Filing(form, wiring, words).begin();
}

function wordsOf(template) {
  const found = {};
  template.content.querySelectorAll("[data-word]").forEach((element) => {
    found[element.dataset.word] = element.textContent;
  });
  return (key, facts = {}) => found[key].replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
}

class Filing {
  constructor(form, wiring, words) {
    this.form = form;
    this.wiring = wiring;
    this.words = words;
    this.edits = wiring.edits;
    this.seconds = 0;
    this.counted = 0;
    this.saving = null;
    this.conflict = false;
    this.sealed = null;
    this.state = form.querySelector("[data-draft-state]");
    this.notices = form.querySelector("[data-filing-notices]");
    this.review = form.querySelector("[data-filing-review]");
    this.seal = form.querySelector("[data-filing-seal]");
    this.save = form.querySelector("[data-filing-save]");
    this.token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  }

  begin() {
    this.form.addEventListener("input", (event) => this.typed(event.target));
    this.form.addEventListener("submit", (event) => this.submitted(event));
    this.seal.addEventListener("click", () => this.sealIt());
    window.addEventListener("online", () => this.backOnline());
    window.addEventListener("offline", () => this.online(false));
    setInterval(() => {
      if (document.visibilityState === "visible" && !this.sealed) this.seconds += 1;
    }, 1000);
    setInterval(() => {
      if (this.sealed || this.unsent) this.backOnline();
    }, TRY_AGAIN);
    this.online(navigator.onLine);
    this.restore();
  }

  // --- what stands in the fields ---------------------------------------------------------------------------------------------
  values() {
    const typed = {};
    const disputes = {};
    for (const field of this.wiring.fields) {
      if (field.measured) disputes[field.key] = this.read(`d-${field.key}`);
      else typed[field.key] = this.read(`v-${field.key}`);
    }
    return { typed, disputes };
  }

  read(name) {
    const found = this.form.elements.namedItem(name);
    return found ? found.value : "";
  }

  write(name, value) {
    const found = this.form.elements.namedItem(name);
    if (!found) return;
    found.value = value;
    this.differ(name.slice(2));
  }

  fill(record) {
    for (const [key, value] of Object.entries(record.typed)) this.write(`v-${key}`, value);
    for (const [key, value] of Object.entries(record.disputes)) this.write(`d-${key}`, value);
  }

  same(one, other) {
    const flat = (record) =>
      JSON.stringify(this.wiring.fields.map((field) => this.plain(field, (field.measured ? record.disputes : record.typed)[field.key])));
    return flat(one) === flat(other);
  }

  // 1250 and 1.250 are the same answer
  plain(field, value = "") {
    const text = value.trim();
    const number = ["count", "number"].includes(field.kind) && !field.measured ? numbers.parse(text) : null;
    return number ?? text;
  }

  differ(key) {
    const answer = this.form.querySelector(`[data-answer="${key}"]`);
    const place = answer?.querySelector("[data-difference]");
    if (!place) return;
    const previous = answer.dataset.previous === "" ? null : Number(answer.dataset.previous);
    const now = numbers.parse(this.read(`v-${key}`));
    if (previous === null || Number.isNaN(previous) || now === null) {
      place.textContent = "";
      return;
    }
    const change = now - previous;
    const size = numbers.write(Math.abs(change));
    place.textContent = ` · ${change === 0 ? this.words("same") : this.words(change > 0 ? "more" : "less", { size })}`;
  }

  // --- keeping ---------------------------------------------------------------------------------------------------------------
  typed(target) {
    const key = target.closest("[data-answer]")?.dataset.answer;
    if (!key) return;
    this.differ(key);
    this.blame(key, "");
    this.keepHere();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keepThere(), AFTER_TYPING);
  }

  keepHere() {
    const record = { key: this.wiring.key, draft: this.wiring.draft, submit: this.wiring.submit, edits: this.edits, round: this.wiring.round, at: new Date().toISOString(), ...this.values() };
    this.unsent = true;
    return drafts.keep(record).catch(() => {});
  }

  keepThere() {
    if (this.sealed || this.conflict) return Promise.resolve();
    this.saving ||= this.keepOnce().finally(() => {
      this.saving = null;
    });
    return this.saving;
  }

  async keepOnce() {
    const sent = this.values();
    const minutes = Math.floor((this.seconds - this.counted) / 60);
    this.say("saving");
    let response;
    try {
      response = await drafts.post(this.wiring.draft, { ...sent, seen_edits: this.edits, minutes }, this.token);
    } catch {
      this.online(false);
      return;
    }
    if (response.type === "opaqueredirect") return this.say("signin");
    if (response.status >= 500) return this.online(false);
    const body = await response.json().catch(() => ({}));
    this.online(true);
    if (response.ok) {
      this.counted += minutes * 60;
      this.agree(body.edits);
      if (this.same(sent, this.values())) {
        this.unsent = false;
        drafts.forget(this.wiring.key).catch(() => {});
      }
      return this.say("saved", { at: body.at });
    }
    if (response.status === 409 && body.there) return this.differs(body.there);
    if (response.status === 422) {
      Object.entries(body.error?.fields ?? {}).forEach(([key, problem]) => this.blame(key, problem));
      return this.say("faulty");
    }
    return this.say("refused", { why: body.error?.detail ?? "" });
  }

  agree(edits) {
    this.edits = edits;
    this.form.elements.namedItem("seen_edits").value = edits;
  }

  async restore() {
    const record = await drafts.read(this.wiring.key).catch(() => null);
    if (!record) return;
    if (record.sealedAt) {
      this.fill(record);
      this.sealed = record;
      this.showSealed();
      this.backOnline();
      return;
    }
    if (record.round !== this.wiring.round || this.same(record, this.values())) {
      drafts.forget(this.wiring.key).catch(() => {});
      return;
    }
    const there = { edits: this.edits, at: this.wiring.editedAt ? drafts.clockTime(this.wiring.editedAt) : "", ...this.values() };
    this.fill(record);
    this.unsent = true;
    if (record.edits !== this.edits) return this.differs(there);
    this.notice("info", this.words("restored"));
    this.keepThere();
  }

  // --- a colleague's edit ----------------------------------------------------------------------------------------------------
  differs(there) {
    const mine = this.values();
    const apart = this.wiring.fields.filter((field) => {
      const [own, theirs] = field.measured ? [mine.disputes, there.disputes] : [mine.typed, there.typed];
      return this.plain(field, own[field.key]) !== this.plain(field, theirs[field.key]);
    });
    if (!apart.length) {
      this.agree(there.edits);
      return this.say("saved", { at: there.at });
    }
    this.conflict = true;
    const body = this.notice("warn", this.words("stale", { at: there.at }));
    const list = document.createElement("ul");
    list.className = "stack stack-s";
    for (const field of apart) {
      const theirs = (field.measured ? there.disputes : there.typed)[field.key] ?? "";
      const item = document.createElement("li");
      const label = document.createElement("span");
      label.textContent = `${field.label} `;
      const take = this.button(this.words("theirs", { value: theirs || this.words("nothing") }), "button button-second", () => {
        this.write(`${field.measured ? "d" : "v"}-${field.key}`, theirs);
        this.keepHere();
        take.setAttribute("aria-disabled", "true");
      });
      item.append(label, take);
      list.append(item);
    }
    const settle = this.button(this.words("mine"), "button", () => {
      this.conflict = false;
      this.agree(there.edits);
      this.notices.replaceChildren();
      this.keepThere();
    });
    body.append(list, settle);
    body.closest(".banner").scrollIntoView({ block: "start" });
  }

  // --- handing in ------------------------------------------------------------------------------------------------------------
  submitted(event) {
    const button = event.submitter;
    if (this.sealed || this.conflict) return event.preventDefault();
    clearTimeout(this.timer);
    if (this.offline) {
      event.preventDefault();
      return this.say("local");
    }
    if (this.saving) {
      event.preventDefault();
      this.saving.then(() => {
        if (!this.offline && !this.conflict) this.form.requestSubmit(button);
      });
    }
  }

  async sealIt() {
    const problems = this.problems();
    this.wiring.fields.forEach((field) => this.blame(field.key, problems[field.key] ?? ""));
    const first = Object.keys(problems)[0];
    if (first) {
      this.notice("bad", this.words("fix"));
      const answer = this.form.querySelector(`[data-answer="${first}"]`);
      answer.scrollIntoView({ block: "center" });
      answer.querySelector("input, textarea, select")?.focus();
      return;
    }
    const minutes = Math.max(1, Math.round((this.seconds - this.counted) / 60));
    const now = new Date().toISOString();
    this.sealed = { key: this.wiring.key, draft: this.wiring.draft, submit: this.wiring.submit, edits: this.edits, round: this.wiring.round, at: now, sealedAt: now, minutes, ...this.values() };
    await drafts.keep(this.sealed).catch(() => {});
    this.showSealed();
    this.backOnline();
  }

  showSealed() {
    this.form.querySelectorAll("[data-answer]").forEach((answer) => {
      answer.inert = true;
    });
    this.review.hidden = this.seal.hidden = this.save.hidden = true;
    this.say("sealed", { at: drafts.clockTime(this.sealed.sealedAt) });
    const body = this.notice("info", this.words("sealed", { at: drafts.clockTime(this.sealed.sealedAt) }));
    body.append(this.button(this.words("unseal"), "button button-second", () => this.unseal()));
  }

  unseal() {
    this.sealed = null;
    this.refusedSeal = false;
    this.notices.replaceChildren();
    this.form.querySelectorAll("[data-answer]").forEach((answer) => {
      answer.inert = false;
    });
    this.save.hidden = false;
    this.online(!this.offline);
    this.keepHere();
  }

  async backOnline() {
    if (!navigator.onLine) return;
    if (!this.sealed) return this.keepThere();
    if (this.sending || this.refusedSeal) return;
    this.sending = true;
    const answer = await drafts.send(this.sealed, this.token);
    this.sending = false;
    if (answer.kind === "sent") {
      await drafts.forget(this.wiring.key).catch(() => {});
      this.sealed = null;
      this.unsent = false;
      this.form.querySelectorAll("[data-answer]").forEach((element) => {
        element.inert = true;
      });
      this.say("sent", { at: answer.at });
      const link = document.createElement("a");
      link.className = "button";
      link.href = answer.address;
      link.textContent = this.words("view");
      this.notice("ok", answer.words).append(link);
    } else if (answer.kind === "signin") {
      this.say("signin");
    } else if (answer.kind === "refused") {
      Object.entries(answer.fields).forEach(([key, problem]) => this.blame(key, problem));
      const body = this.notice("bad", this.words("refused", { why: answer.why }));
      body.append(this.button(this.words("unseal"), "button button-second", () => this.unseal()));
      this.say("refused", { why: answer.why });
      this.refusedSeal = true;
    }
  }

  problems() {
    const found = {};
    const read = {};
    for (const field of this.wiring.fields) {
      if (field.measured) {
        read[field.key] = field.value;
        continue;
      }
      const typed = this.read(`v-${field.key}`).trim();
      if (!typed) {
        if (field.required) found[field.key] = this.words("missing");
        continue;
      }
      if (!["count", "number"].includes(field.kind)) continue;
      const number = numbers.parse(typed);
      if (number === null || (field.kind === "count" && (number < 0 || !Number.isInteger(number)))) found[field.key] = this.words("number");
      else if (field.least !== null && number < field.least) found[field.key] = this.words("least", { limit: numbers.write(field.least) });
      else if (field.most !== null && number > field.most) found[field.key] = this.words("most", { limit: numbers.write(field.most) });
      else read[field.key] = number;
    }
    for (const check of this.wiring.checks) {
      const parts = [check.left, ...check.right].map((key) => read[key]);
      if (parts.some((part) => typeof part !== "number")) continue;
      const [left, ...right] = parts;
      const total = right.reduce((sum, part) => sum + part, 0);
      const holds = { at_most: left <= total, at_least: left >= total, equals: Math.abs(left - total) < 1e-9 }[check.relation];
      if (!holds) found[check.left] ??= check.words;
    }
    return found;
  }

  // --- saying ----------------------------------------------------------------------------------------------------------------
  online(yes) {
    this.offline = !yes;
    if (this.sealed) return;
    this.review.hidden = !yes;
    this.seal.hidden = yes;
    if (!yes) this.say("local");
  }

  say(key, facts) {
    this.state.textContent = this.words(key, facts);
    this.state.dataset.draftState = key;
  }

  notice(kind, text) {
    const banner = document.createElement("div");
    banner.className = `banner banner-${kind}`;
    banner.setAttribute("role", "status");
    const body = document.createElement("div");
    body.className = "banner-body";
    const line = document.createElement("p");
    line.textContent = text;
    body.append(line);
    banner.append(body);
    this.notices.replaceChildren(banner);
    return body;
  }

  button(text, look, act) {
    const element = document.createElement("button");
    element.type = "button";
    element.className = look;
    element.textContent = text;
    element.addEventListener("click", act);
    return element;
  }

  blame(key, problem) {
    const answer = this.form.querySelector(`[data-answer="${key}"]`);
    const place = answer?.querySelector("[data-problem]");
    if (!place) return;
    place.hidden = !problem;
    place.querySelector("span").textContent = problem;
    answer.classList.toggle("has-error", Boolean(problem));
    answer.querySelectorAll("input, textarea").forEach((field) => field.toggleAttribute("aria-invalid", false));
    if (problem) answer.querySelectorAll("input, textarea").forEach((field) => field.setAttribute("aria-invalid", "true"));
  }
}
