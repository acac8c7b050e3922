// Sends what waits in the log, in batches, one sending at a time; says how it went: "done", "offline", "signin", "noteam" or "later".
// A batch that was sent but whose answer was lost is sent again: the server knows each visit by its identifier.
import * as store from "./visit-store.js";

const BATCH = 50;
const KEPT = { kept: "sent", duplicate: "sent", conflict: "conflict", refused: "refused" };
let running = null;

export function sync() {
  running ||= (navigator.locks ? navigator.locks.request("smarthd-visits", send) : send()).finally(() => {
    running = null;
  });
  return running;
}

async function send() {
  for (;;) {
    const batch = (await store.owed()).slice(0, BATCH);
    if (!batch.length) return "done";
    const outcome = await deliver(batch);
    if (outcome !== "done") return outcome;
  }
}

async function deliver(batch) {
  let response;
  try {
    response = await fetch("/api/v1/teams/visits", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({ device_uid: await store.deviceUid(), sent_at: new Date().toISOString(), visits: batch.map(told) }),
    });
  } catch {
    return "offline";
  }
  if (response.status === 401) return "signin";
  if (response.status === 403) return "noteam";
  if (!response.ok) return "later";
  const { answers } = await response.json();
  const now = new Date().toISOString();
  for (const [place, answer] of answers.entries()) {
    await store.answered(batch[place], { state: KEPT[answer.state], words: answer.words, clock_off: answer.clock_off, sent_at: now });
  }
  return "done";
}

function told({ uid, village_uid, household, outcome, reason, consent, adults, without_phone, helped, minutes, at }) {
  return { uid, village_uid, household, outcome, reason, consent, adults, without_phone, helped, minutes, at };
}

// What the log needs to work without a network: the villages of the team, kept on this phone.
export async function fetchMine() {
  try {
    const response = await fetch("/api/v1/teams/mine", { headers: { accept: "application/json" } });
    if (response.ok) await store.setFact("mine", await response.json());
  } catch {
    // no network: what was fetched last is used
  }
  return store.fact("mine");
}
