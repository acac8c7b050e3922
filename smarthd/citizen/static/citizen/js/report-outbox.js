// [data-report-outbox]: what still waits on this phone, with why, again and away; sent by itself when there is a network.
import "../../ui/js/store.js";
import "./report-box.js";

const box = self.SmarthdReports;

export async function start(section) {
  const list = section.querySelector("[data-report-outbox-list]");
  const said = section.querySelector("[data-report-outbox-said]");
  const words = section.dataset;

  async function show() {
    const held = await box.waiting();
    section.hidden = held.length === 0;
    said.textContent = held.length && !navigator.onLine ? words.wordsOffline : "";
    list.replaceChildren(...held.map(line));
  }

  function line(report) {
    const item = document.createElement("li");
    item.className = "report-waiting";
    const told = document.createElement("div");
    const title = document.createElement("p");
    title.className = "list-title";
    title.textContent = (report.title || words.wordsUntitled).slice(0, 120);
    const note = document.createElement("p");
    note.className = "list-note";
    const photos = report.files.filter((file) => file.kind === "photo").length;
    const state = report.refused ? words.wordsRefused : words.wordsWaiting;
    note.textContent = [state, photos ? `${photos} ${words.wordsPhotos}` : "", report.files.length > photos ? words.wordsVoice : ""].filter(Boolean).join(" · ");
    told.append(title, note);
    if (report.refused) {
      const why = document.createElement("p");
      why.className = "field-error";
      const fields = Object.values(report.refused.fields || {});
      why.textContent = fields.length ? fields.join(" ") : `${report.refused.title}. ${report.refused.detail}`;
      told.append(why);
    }
    const row = document.createElement("div");
    row.className = "row row-s";
    row.append(...buttons(report));
    item.append(told, row);
    return item;
  }

  function buttons(report) {
    const again = button(words.wordsRetry, "button button-second", async () => {
      said.textContent = words.wordsSending;
      delete report.refused;
      await box.keep(report);
      await sendAll();
    });
    const edit = document.createElement("a");
    edit.className = "button button-quiet";
    edit.href = `${words.edit}?sua=${report.id}`;
    edit.textContent = words.wordsEdit;
    const away = button(words.wordsDelete, "button button-quiet", async () => {
      if (away.dataset.sure === undefined) {
        away.dataset.sure = "";
        away.textContent = words.wordsSure;
        return;
      }
      await box.remove(report.id);
      await show();
    });
    return [again, edit, away];
  }

  function button(text, className, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = className;
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }

  async function sendAll() {
    const before = (await box.waiting()).length;
    await box.flush().catch(() => false); // no network: it stays, and the list says so
    const after = (await box.waiting()).length;
    await show();
    if (after < before && navigator.onLine) location.reload();
  }

  window.addEventListener("online", sendAll);
  window.addEventListener("offline", show);
  navigator.serviceWorker?.addEventListener("message", (event) => {
    if (event.data === "reports-sent") show();
  });
  await show();
  if (navigator.onLine && !section.hidden) await sendAll();
}
