// <form data-alert-answer>: sends the answer at once; without a network it stays on the phone and goes by itself later.
import "./alert-box.js";

const box = self.SmarthdAlerts;

export function start(form) {
  const said = form.querySelector("[data-answer-said]");
  const words = form.dataset;
  // A page kept on the phone is opened more than once: every answer is one of its own.
  form.elements.client_id.value = box.newId();

  form.querySelector("[data-answer-place]")?.addEventListener("click", () => {
    if (!("geolocation" in navigator)) {
      said.textContent = words.wordsNoplace;
      return;
    }
    said.textContent = words.wordsPlace;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.lat.value = coords.latitude.toFixed(5);
        form.elements.lon.value = coords.longitude.toFixed(5);
        said.textContent = words.wordsPlaced;
      },
      () => {
        said.textContent = words.wordsNoplace;
      },
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 },
    );
  });

  form.addEventListener("submit", async (event) => {
    if (navigator.onLine) return; // the page's own way: the server answers with the page
    event.preventDefault();
    const fields = [...new FormData(form, event.submitter)].filter(([name]) => !["csrfmiddlewaretoken", "client_id", "at"].includes(name));
    fields.push(["at", new Date().toISOString()]);
    await box.keep({ id: form.elements.client_id.value, code: words.code, fields, at: Date.now() });
    form.elements.client_id.value = box.newId();
    said.textContent = words.wordsKept;
    form.dataset.waiting = "";
    const worker = await navigator.serviceWorker?.ready.catch(() => null);
    await worker?.sync?.register("smarthd-alerts").catch(() => {});
  });

  async function sendWaiting() {
    const before = (await box.waiting()).length;
    if (!before) return;
    if (await box.flush().catch(() => false)) {
      said.textContent = words.wordsSent;
      delete form.dataset.waiting;
    }
  }
  window.addEventListener("online", sendWaiting);
  if (navigator.onLine) sendWaiting();
}
