// What is being typed, kept on this device until the server has it: IndexedDB "smarthd-desk", one record a report and account.
// Counts and remarks of an office only; the page itself is never kept.
import "../../ui/js/store.js";

const inStore = self.SmarthdStore.box("smarthd-desk", { reports: { keyPath: "key" } });

export const read = (key) => inStore("reports", "readonly", (store) => store.get(key));
export const keep = (record) => inStore("reports", "readwrite", (store) => store.put(record));
export const forget = (key) => inStore("reports", "readwrite", (store) => store.delete(key));
export const all = () => inStore("reports", "readonly", (store) => store.getAll());

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
