// Answers to warnings that wait on the phone: IndexedDB "smarthd-alerts", store waiting (by client id). Shared by the pages (imported for its
// effect) and the service worker (put in front of it): self.SmarthdAlerts. An answer keeps its id, so sending it twice makes one.
self.SmarthdAlerts = (() => {
  const { newId } = self.SmarthdStore;
  const inStore = self.SmarthdStore.box("smarthd-alerts", { waiting: { keyPath: "id" } });

  const waiting = () => inStore("waiting", "readonly", (store) => store.getAll());
  const keep = (answer) => inStore("waiting", "readwrite", (store) => store.put(answer));
  const remove = (id) => inStore("waiting", "readwrite", (store) => store.delete(id));

  // What the server understood and refused: it would be refused again, so it goes back to its writer.
  class Refused extends Error {
    constructor(status, told) {
      super(told.detail || String(status));
      this.status = status;
      this.told = told;
    }
  }
  const passing = (status) => status >= 500 || [401, 403, 408, 425, 429].includes(status);

  // Send one answer {id, code, fields}.
  async function send(answer) {
    const ticket = await fetch("/phan-anh/gui/ve.json", { credentials: "same-origin", headers: { accept: "application/json" } });
    if (!ticket.ok) throw new Error(String(ticket.status));
    const { csrf } = await ticket.json();
    const form = new FormData();
    for (const [name, value] of answer.fields) form.append(name, value);
    form.set("client_id", answer.id);
    const response = await fetch(`/canh-bao/${answer.code}/tra-loi/`, {
      method: "POST",
      credentials: "same-origin",
      headers: { accept: "application/json", "x-csrftoken": csrf },
      body: form,
    });
    if (response.ok) return response.json();
    if (passing(response.status)) throw new Error(String(response.status));
    const told = await response.json().catch(() => ({}));
    throw new Refused(response.status, told.error || {});
  }

  // Send all that waits, oldest first; true when nothing is left. What is refused for good (the warning is long over) is dropped.
  async function flush() {
    const act = async () => {
      let all = true;
      for (const answer of (await waiting()).sort((one, other) => one.at - other.at)) {
        try {
          await send(answer);
          await remove(answer.id);
        } catch (problem) {
          if (problem instanceof Refused) await remove(answer.id);
          else all = false;
        }
      }
      return all;
    };
    return self.navigator.locks ? self.navigator.locks.request("smarthd-alerts", act) : act();
  }

  return { waiting, keep, remove, newId, send, flush, Refused };
})();
