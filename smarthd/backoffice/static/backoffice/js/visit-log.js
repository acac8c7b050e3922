// [data-visit-log]: writes visits on this phone first, shows them, and sends them when there is a network.
import * as store from "./visit-store.js";
import { fetchMine, sync } from "./visit-sync.js";
import { keepShell } from "./visit-shell.js";
import { toast } from "../../ui/js/toast.js";

const SHOWN = 40;

export function start(root) {
  const form = root.querySelector("[data-visit-form]");
  const words = root.dataset;
  let editing = null;

  const field = (name) => form.elements.namedItem(name);
  const outcome = () => form.querySelector("[name=outcome]:checked");

  function shape() {
    const chosen = outcome();
    const shown = {
      reason: chosen?.dataset.givesReason !== undefined,
      consent: field("consent").checked,
      helped: chosen?.value === "helped",
    };
    for (const part of form.querySelectorAll("[data-when]")) part.hidden = !shown[part.dataset.when];
  }

  function read() {
    const number = (name) => Number.parseInt(field(name).value, 10) || 0;
    const chosen = outcome()?.value || "";
    const consent = field("consent").checked;
    return {
      village_uid: field("village_uid").value,
      outcome: chosen,
      reason: ["later", "refused"].includes(chosen) ? field("reason").value : "",
      consent,
      household: consent ? field("household").value.trim() : "",
      adults: number("adults"),
      without_phone: number("without_phone"),
      helped: chosen === "helped" ? Math.max(1, number("helped")) : 0,
      minutes: number("minutes"),
    };
  }

  function faults(visit) {
    return [
      ["outcome", !visit.outcome],
      ["reason", visit.outcome === "refused" && !visit.reason],
      ["household", visit.consent && !visit.household],
      ["without_phone", visit.adults > 0 && visit.without_phone > visit.adults],
    ].filter(([, wrong]) => wrong).map(([name]) => name);
  }

  function showFaults(names) {
    for (const line of form.querySelectorAll("[data-error]")) {
      line.hidden = !names.includes(line.dataset.error);
    }
    if (names.length) form.querySelector(`[data-error="${names[0]}"]`).scrollIntoView({ block: "center" });
  }

  form.addEventListener("change", shape);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const visit = read();
    const wrong = faults(visit);
    showFaults(wrong);
    if (wrong.length) return;
    const before = editing;
    await store.put({
      ...visit,
      uid: before?.uid || store.newId(),
      at: before?.at || new Date().toISOString(),
      edits: (before?.edits || 0) + 1,
      state: "waiting",
    });
    editing = null;
    const village = visit.village_uid;
    form.reset();
    field("village_uid").value = village;
    shape();
    toast(words.wordsKept);
    await show();
    await deliver();
  });

  function edit(visit) {
    editing = visit;
    for (const name of ["village_uid", "reason", "household", "adults", "without_phone", "helped", "minutes"]) field(name).value = visit[name] ?? "";
    field("consent").checked = visit.consent;
    const radio = form.querySelector(`[name=outcome][value="${visit.outcome}"]`);
    if (radio) radio.checked = true;
    shape();
    form.scrollIntoView({ block: "start" });
  }

  async function removeOne(visit) {
    await store.remove(visit.uid);
    await show();
    toast(words.wordsRemoved, {
      undo: async () => {
        await store.put(visit);
        await show();
      },
    });
  }

  const STATES = { waiting: ["warn", "wordsWaiting"], sent: ["ok", "wordsSent"], conflict: ["warn", "wordsConflict"], refused: ["bad", "wordsRefused"] };

  function line(visit, mine) {
    const item = document.createElement("li");
    item.className = "list-item";
    item.dataset.visit = visit.state;
    const village = mine?.villages.find((one) => one.uid === visit.village_uid)?.name || "";
    const body = element("span", "grow");
    body.append(
      element("span", "list-title", `${mine?.outcomes[visit.outcome] || label(visit.outcome)}${visit.helped ? ` · ${visit.helped} ${words.wordsPeople}` : ""}`),
      document.createElement("br"),
      element("span", "list-note", [village, visit.household || words.wordsNoconsent, time(visit.at)].filter(Boolean).join(" · ")),
    );
    const note = [visit.words, visit.clock_off ? words.wordsClock : ""].filter(Boolean).join(" ");
    if (note) body.append(document.createElement("br"), element("span", "list-note", note));
    const [kind, key] = STATES[visit.state];
    item.append(body, element("span", `state state-${kind}`, words[key]));
    if (visit.state === "conflict") {
      item.append(Object.assign(element("a", "button button-quiet", words.wordsDecide), { href: words.decideHref }));
    }
    if (visit.state === "waiting" || visit.state === "refused") {
      item.append(button(words.wordsEdit, () => edit(visit)), button(words.wordsRemove, () => removeOne(visit)));
    }
    return item;
  }

  const label = (value) => form.querySelector(`[name=outcome][value="${value}"]`)?.closest("label").textContent.trim() || value;

  async function show() {
    const [visits, mine] = [await store.all(), await store.fact("mine")];
    const waiting = visits.filter((visit) => visit.state === "waiting");
    const rest = visits.filter((visit) => visit.state !== "waiting");
    root.querySelector("[data-visit-list]").replaceChildren(...[...waiting, ...rest.slice(0, SHOWN)].map((visit) => line(visit, mine)));
    root.querySelector("[data-visit-none]").hidden = visits.length > 0;
    return waiting.length;
  }

  function say(text, { signin = false } = {}) {
    const state = root.querySelector("[data-visit-state]");
    state.hidden = !text;
    state.querySelector("[data-visit-state-words]").textContent = text;
    state.querySelector("[data-visit-state-link]").hidden = !signin;
  }

  async function deliver() {
    const owed = (await store.owed()).length;
    if (!navigator.onLine) return say(`${words.wordsOffline}${owed ? ` (${owed} ${words.wordsOwed})` : ""}`);
    if (owed) say(words.wordsSending);
    const how = await sync().catch(() => "later");
    const left = await show();
    const said = { done: left || !owed ? "" : words.wordsOnline, offline: `${words.wordsOffline} (${left} ${words.wordsOwed})`, signin: words.wordsSignin, noteam: words.wordsNoteam, later: words.wordsLater };
    return say(said[how], { signin: how === "signin" });
  }

  function fillVillages(mine) {
    const select = field("village_uid");
    const before = select.value;
    select.replaceChildren(...(mine?.villages || []).map(({ uid, name }) => Object.assign(document.createElement("option"), { value: uid, textContent: name })));
    if (before) select.value = before;
    if (!mine?.villages.length) say(words.wordsFirst);
  }

  async function begin() {
    fillVillages(await store.fact("mine"));
    shape();
    await store.forgetOld();
    await show();
    await deliver();
    if (navigator.onLine) fillVillages(await fetchMine());
    await show();
    await keepShell().catch(() => {});
  }

  window.addEventListener("online", deliver);
  window.addEventListener("offline", deliver);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && deliver());
  setInterval(() => document.visibilityState === "visible" && deliver(), 60_000);
  begin();
}

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function button(text, act) {
  const made = element("button", "button button-quiet", text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function time(at) {
  return new Date(at).toLocaleString("vi-VN", { day: "numeric", month: "numeric", hour: "2-digit", minute: "2-digit" });
}
