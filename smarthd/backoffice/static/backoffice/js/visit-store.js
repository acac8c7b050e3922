// The log of visits on this phone: IndexedDB "smarthd-visits". Nothing is thrown away before the server has it.
// A visit: { uid, …what was told, at, state: waiting | sent | conflict | refused, words, clock_off, sent_at }.
const KEEP_SENT_DAYS = 30;
let opened;

function open() {
  opened ||= new Promise((resolve, reject) => {
    const request = indexedDB.open("smarthd-visits", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("visits", { keyPath: "uid" });
      request.result.createObjectStore("facts");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function inStore(name, mode, act) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(name, mode, { durability: "strict" });
    const request = act(transaction.objectStore(name));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

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
export async function answered(sent, answer) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction("visits", "readwrite", { durability: "strict" });
    const store = transaction.objectStore("visits");
    const request = store.get(sent.uid);
    request.onsuccess = () => {
      const held = request.result;
      if (held && held.edits === sent.edits) store.put({ ...held, ...answer });
    };
    transaction.oncomplete = resolve;
    transaction.onerror = () => reject(transaction.error);
  });
}

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

export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
