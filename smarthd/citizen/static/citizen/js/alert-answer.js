// <form data-alert-answer>: sends the answer at once; what cannot be sent stays on the phone and goes by itself later.
import "../../ui/js/store.js";
import "./alert-box.js";

const box = self.SmarthdAlerts;

const PATIENCE_MS = 10000;
const tooLong = () => new Promise((_, reject) => setTimeout(() => reject(new Error("slow network")), PATIENCE_MS));

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

  function answerOf(submitter) {
    const fields = [...new FormData(form, submitter)].filter(([name]) => !["csrfmiddlewaretoken", "client_id", "at"].includes(name));
    fields.push(["at", new Date().toISOString()]);
    return { id: form.elements.client_id.value, code: words.code, fields, at: Date.now() };
  }

  async function keep(answer) {
    await box.keep(answer);
    form.elements.client_id.value = box.newId();
    said.textContent = words.wordsKept;
    form.dataset.waiting = "";
    const worker = await navigator.serviceWorker?.ready.catch(() => null);
    await worker?.sync?.register("smarthd-alerts").catch(() => {});
  }

  // A storm's network is there and then is not: the answer goes by hand, and what does not arrive in ten seconds stays on the phone. Arriving
  // late as well does no harm: it bears one name. What the server refuses is sent the page's own way, so that the page says what is wrong.
  form.addEventListener("submit", async (event) => {
    if ("plain" in form.dataset) return;
    event.preventDefault();
    if ("sending" in form.dataset) return;
    form.dataset.sending = "";
    const { submitter } = event;
    const answer = answerOf(submitter);
    try {
      if (!navigator.onLine) throw new Error("no network");
      const told = await Promise.race([box.send(answer), tooLong()]);
      form.elements.client_id.value = box.newId();
      show(`?da-gui=${encodeURIComponent(told.answer)}`);
    } catch (problem) {
      if (problem instanceof box.Refused) {
        form.dataset.plain = "";
        form.requestSubmit(submitter);
      } else await keep(answer);
    } finally {
      delete form.dataset.sending;
    }
  });

  // The warning's own page, whatever address a refusal was shown under. One that differs in nothing but its mark would not be loaded anew.
  function show(query) {
    const page = `/canh-bao/${words.code}/${query}`;
    if (location.pathname + location.search !== page) location.assign(`${page}#tra-loi`);
    else {
      location.hash = "tra-loi";
      location.reload();
    }
  }

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
