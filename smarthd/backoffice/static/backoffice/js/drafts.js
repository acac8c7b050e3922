// What is being typed, kept on this device until the server has it: IndexedDB "smarthd-desk", one record a report and account.
// Counts and remarks of an office only; the page itself is never kept.
let opened;

function open() {
  opened ||= new Promise((resolve, reject) => {
    const request = indexedDB.open("smarthd-desk", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("reports", { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function within(mode, act) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction("reports", mode);
    const request = act(transaction.objectStore("reports"));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

export const read = (key) => within("readonly", (store) => store.get(key));
export const keep = (record) => within("readwrite", (store) => store.put(record));
export const forget = (key) => within("readwrite", (store) => store.delete(key));
export const all = () => within("readonly", (store) => store.getAll());

// Send one sealed report. The same seal sent twice counts once on the server.
// Answers {kind: "sent" | "offline" | "signin" | "refused", …}.
export async function send(record, token) {
  let response;
  try {
    response = await post(record.submit, { typed: record.typed, disputes: record.disputes, minutes: record.minutes, sealed_at: record.sealedAt, sent_at: new Date().toISOString() }, token);
  } catch {
    return { kind: "offline" };
  }
  if (response.type === "opaqueredirect") return { kind: "signin" };
  if (response.ok) return { kind: "sent", ...(await response.json()) };
  if (response.status >= 500 || [408, 425, 429].includes(response.status)) return { kind: "offline" };
  const body = await response.json().catch(() => ({}));
  return { kind: "refused", why: body.error?.detail ?? "", fields: body.error?.fields ?? {} };
}

export function post(address, body, token) {
  return fetch(address, {
    method: "POST",
    redirect: "manual",
    headers: { "content-type": "application/json", accept: "application/json", "x-csrftoken": token },
    body: JSON.stringify(body),
  });
}

export function clockTime(iso) {
  const at = new Date(iso);
  const minutes = at.getMinutes();
  return minutes ? `${at.getHours()} giờ ${String(minutes).padStart(2, "0")}` : `${at.getHours()} giờ`;
}
