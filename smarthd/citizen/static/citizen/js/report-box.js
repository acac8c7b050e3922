// Reports that wait on the phone: IndexedDB "smarthd-reports", stores waiting (by client id) and draft (one). Shared by the pages (imported
// for its effect) and the service worker (put in front of it): self.SmarthdReports. A report keeps its id from the first letter on, so that
// sending it twice makes one; each file remembers how far it got (docs/adr/0035-reports-that-wait.md).
self.SmarthdReports = (() => {
  const PIECE = 256 * 1024;
  const PLACES = { ticket: "/phan-anh/gui/ve.json", send: "/phan-anh/gui/", upload: "/phan-anh/gui/tep/" };
  const { newId } = self.SmarthdStore;
  const inStore = self.SmarthdStore.box("smarthd-reports", { waiting: { keyPath: "id" }, draft: {} });

  const waiting = () => inStore("waiting", "readonly", (store) => store.getAll());
  const one = (id) => inStore("waiting", "readonly", (store) => store.get(id));
  const keep = (report) => inStore("waiting", "readwrite", (store) => store.put(report));
  const remove = (id) => inStore("waiting", "readwrite", (store) => store.delete(id));
  const draft = () => inStore("draft", "readonly", (store) => store.get("draft"));
  const keepDraft = (value) => inStore("draft", "readwrite", (store) => store.put(value, "draft"));
  const dropDraft = () => inStore("draft", "readwrite", (store) => store.delete("draft"));

  // What the server understood and refused; the same would be refused again until somebody changes it.
  class Refused extends Error {
    constructor(status, told) {
      super(told.detail || String(status));
      this.status = status;
      this.told = told;
    }
  }
  // Too many for now, or the house is out of order: later.
  const passing = (status) => status >= 500 || [401, 403, 408, 425].includes(status);

  async function asked(address, options = {}) {
    const response = await fetch(address, { credentials: "same-origin", ...options, headers: { accept: "application/json", ...options.headers } });
    if (response.ok) return response.json();
    if (passing(response.status)) throw new Error(`the server answered ${response.status}`);
    const told = await response.json().catch(() => ({}));
    throw new Refused(response.status, { ...told.error, ...told });
  }

  const post = (address, csrf, body, headers = {}) => asked(address, { method: "POST", body, headers: { "x-csrftoken": csrf, ...headers } });

  async function begun(file, csrf) {
    if (file.upload) {
      try {
        return await asked(`${PLACES.upload}${file.upload}/`);
      } catch (problem) {
        if (!(problem instanceof Refused) || problem.status !== 404) throw problem;
      }
    }
    const form = new FormData();
    form.set("kind", file.kind);
    form.set("size", String(file.blob.size));
    return post(PLACES.upload, csrf, form);
  }

  // Send one file from where it broke off; its name for the report is kept before anything else happens.
  async function sendFile(report, file, csrf, progress) {
    if (file.attachment) return;
    let state = await begun(file, csrf);
    file.upload = state.uid;
    await keep(report);
    while (state.offset < state.size) {
      const piece = file.blob.slice(state.offset, state.offset + PIECE);
      try {
        state = await post(`${PLACES.upload}${state.uid}/?tu=${state.offset}`, csrf, await piece.arrayBuffer(), { "content-type": "application/octet-stream" });
      } catch (problem) {
        if (!(problem instanceof Refused) || problem.status !== 409) throw problem;
        state = problem.told;
      }
      progress(state.offset);
    }
    file.attachment = (await post(`${PLACES.upload}${state.uid}/xong/`, csrf)).attachment;
    await keep(report);
  }

  // Send one report; true answers name its page. A refusal is written beside it, for its sender to mend.
  async function send(report, progress = () => {}) {
    const total = report.files.reduce((sum, file) => sum + file.blob.size, 0) || 1;
    try {
      const { csrf } = await asked(PLACES.ticket);
      let before = 0;
      for (const file of report.files) {
        await sendFile(report, file, csrf, (sent) => progress((before + sent) / total));
        before += file.blob.size;
        progress(before / total);
      }
      const form = new FormData();
      for (const [name, value] of report.fields) form.append(name, value);
      form.set("client_id", report.id);
      for (const file of report.files) form.append("attachments", file.attachment);
      const told = await post(PLACES.send, csrf, form);
      await remove(report.id);
      return told;
    } catch (problem) {
      if (problem instanceof Refused) {
        report.refused = { status: problem.status, title: problem.told.title || "", detail: problem.told.detail || "", fields: problem.told.fields || {} };
        if (problem.told.fields?.attachments) report.files.forEach((file) => delete file.attachment);
        await keep(report);
      }
      throw problem;
    }
  }

  // Send everything that waits and was not refused, one sender at a time among pages and worker. True when nothing of it is left.
  async function flush({ retry = false } = {}) {
    const act = async () => {
      let all = true;
      for (const report of await waiting()) {
        if (report.refused && !retry && report.refused.status !== 429) continue;
        try {
          delete report.refused;
          await send(report);
        } catch (problem) {
          if (!(problem instanceof Refused)) all = false;
        }
      }
      return all;
    };
    if (!navigator.locks) return act();
    return navigator.locks.request("smarthd-reports", act);
  }

  const sendOne = (report, progress) => (navigator.locks ? navigator.locks.request("smarthd-reports", () => send(report, progress)) : send(report, progress));

  return { waiting, one, keep, remove, draft, keepDraft, dropDraft, newId, sendOne, flush, asked, post, Refused, PLACES };
})();
