// The log of visits on this phone: IndexedDB "smarthd-visits". Nothing is thrown away before the server has it.
// A visit: { uid, …what was told, at, state: waiting | sent | conflict | refused, words, clock_off, sent_at }.
import "../../ui/js/store.js";

const KEEP_SENT_DAYS = 30;
export const { newId } = self.SmarthdStore;
const inStore = self.SmarthdStore.box("smarthd-visits", { visits: { keyPath: "uid" }, facts: {} }, { durability: "strict" });

export const fact = (key) => inStore("facts", "readonly", (store) => store.get(key));
export const setFact = (key, value) => inStore("facts", "readwrite", (store) => store.put(value, key));
export const put = (visit) => inStore("visits", "readwrite", (store) => store.put(visit));
export const remove = (uid) => inStore("visits", "readwrite", (store) => store.delete(uid));

export async function all() {
  const visits = await inStore("visits", "readonly", (store) => store.getAll());
  return visits.sort((a, b) => (a.at < b.at ? 1 : -1));
}

export async function owed() {
  return (await all()).filter((visit) => visit.state === "waiting").reverse();
}

// Write an answer onto a visit, unless it was changed again while the batch was on its way.
export const answered = (sent, answer) =>
  inStore("visits", "readwrite", (store) => {
    const request = store.get(sent.uid);
    request.onsuccess = () => {
      const held = request.result;
      if (held && held.edits === sent.edits) store.put({ ...held, ...answer });
    };
  });

export async function forgetOld() {
  const before = new Date(Date.now() - KEEP_SENT_DAYS * 864e5).toISOString();
  for (const visit of await all()) if (visit.state === "sent" && visit.sent_at < before) await remove(visit.uid);
}

export async function deviceUid() {
  let uid = await fact("device_uid");
  if (!uid) {
    uid = newId();
    await setFact("device_uid", uid);
  }
  return uid;
}
