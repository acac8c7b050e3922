// form[data-report]: photos kept small and bare, a draft that survives, hints while one writes, sending with a progress bar – or later.
import "../../ui/js/store.js";
import "./report-box.js";
import { startPlace } from "./report-place.js";
import { startVoice } from "./report-voice.js";
import { reduced } from "./report-photo.js";
import { showProblems } from "./report-problems.js";

const box = self.SmarthdReports;
const LARGEST = 20 * 1024 * 1024;
const NOT_SENT = new Set(["csrfmiddlewaretoken", "client_id", "seen"]);

export async function start(form) {
  const words = form.dataset;
  const find = (selector) => form.querySelector(selector);
  const held = { id: form.elements.client_id.value || box.newId(), files: [], sending: false, own: false };
  const hint = later(ask, 500);
  const save = later(saveDraft, 600);
  const place = startPlace(form, () => changed());
  startVoice(find("[data-voice]"), (blob) => {
    held.files = held.files.filter((file) => file.kind !== "voice");
    if (blob) held.files.push({ kind: "voice", blob });
    changed();
  });

  form.querySelectorAll("[data-photo-input]").forEach((input) =>
    input.addEventListener("change", async () => {
      const chosen = [...input.files];
      input.value = "";
      await addPhotos(chosen);
    }),
  );
  form.addEventListener("input", (event) => {
    if (event.target.name === "words") count(event.target);
    changed();
  });
  form.elements.category.addEventListener("change", () => {
    held.own = form.elements.category.value !== "";
    hint();
  });
  form.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-category]");
    if (chip) {
      form.elements.category.value = chip.dataset.category;
      held.own = true;
      changed();
    }
    const follow = event.target.closest("[data-follow]");
    if (follow) followInstead(event, follow);
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.dataset.follow) return;
    event.preventDefault();
    submit();
  });
  find("[data-draft-drop]").addEventListener("click", async () => {
    await box.dropDraft();
    location.assign(location.pathname);
  });
  await restore();
  form.dataset.ready = "";
  hint();

  function changed() {
    save();
    hint();
  }

  function count(area) {
    const over = area.value.length - Number(area.dataset.longest);
    const said = find("[data-words-left]");
    said.textContent = over > 0 ? `${over} ${said.dataset.wordsOver}` : "";
  }

  // --- photos ---
  async function addPhotos(chosen) {
    const said = find("[data-photo-said]");
    said.textContent = "";
    for (const file of chosen) {
      if (held.files.filter((one) => one.kind === "photo").length >= Number(words.mostPhotos)) {
        said.textContent = words.wordsTooMany;
        break;
      }
      const blob = await reduced(file);
      if (blob.size > LARGEST) {
        said.textContent = words.wordsTooLarge;
        continue;
      }
      held.files.push({ kind: "photo", blob });
      showPhotos();
    }
    changed();
  }

  function showPhotos() {
    const photos = held.files.filter((file) => file.kind === "photo");
    find("[data-photos]").replaceChildren(
      ...photos.map((file, index) => {
        const item = document.createElement("li");
        item.className = "photo";
        const image = document.createElement("img");
        image.alt = `${words.wordsPhoto} ${index + 1}`;
        image.src = URL.createObjectURL(file.blob);
        image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
        const drop = document.createElement("button");
        drop.type = "button";
        drop.className = "button photo-drop";
        drop.textContent = "✕";
        drop.setAttribute("aria-label", `${words.wordsRemove} ${index + 1}`);
        drop.addEventListener("click", () => {
          held.files = held.files.filter((one) => one !== file);
          showPhotos();
          changed();
        });
        item.append(image, drop);
        return item;
      }),
    );
  }

  // --- the draft ---
  const fields = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NOT_SENT.has(name));

  async function saveDraft() {
    if (held.sending) return;
    await box.keepDraft({ id: held.id, fields: fields(), files: held.files });
  }

  async function restore() {
    const wanted = new URLSearchParams(location.search).get("sua");
    const kept = wanted ? await box.one(wanted) : await box.draft();
    if (!kept || (!wanted && !kept.files.length && !kept.fields.some(([name, value]) => name === "words" && value.trim()))) return;
    held.id = kept.id;
    held.files = kept.files;
    for (const [name, value] of kept.fields) {
      const control = form.elements[name];
      if (!control || control.length !== undefined && control.tagName !== "SELECT") continue;
      if (control.type === "checkbox") control.checked = true;
      else control.value = value;
    }
    if (kept.refused) showProblems(form, kept.refused);
    find("[data-draft]").hidden = false;
    held.own = form.elements.category.value !== "";
    showPhotos();
    place.show();
  }

  // --- hints ---
  async function ask() {
    if (!navigator.onLine || held.sending) return;
    const told = new FormData();
    for (const [name, value] of fields()) told.append(name, value);
    if (!held.own) told.set("category", "");
    let answer;
    try {
      const { csrf } = await box.asked(box.PLACES.ticket);
      answer = await box.post(words.hints, csrf, told);
    } catch {
      return; // hints only help: without them the report is sent just as well
    }
    find("[data-place-said]").innerHTML = answer.place;
    place.named(find("[data-unit]"));
    find("[data-category-hint]").innerHTML = answer.category;
    find("[data-nearby]").innerHTML = answer.nearby;
    if (!held.own) form.elements.category.value = answer.category_key;
    const asked = find("[data-questions]");
    if (asked.dataset.of !== form.elements.category.value) {
      asked.dataset.of = form.elements.category.value;
      asked.innerHTML = answer.questions;
    }
  }

  async function followInstead(event, button) {
    const apart = document.getElementById("theo-doi");
    await box.dropDraft();
    if (apart.elements.csrfmiddlewaretoken) return;
    event.preventDefault();
    const token = document.createElement("input");
    token.type = "hidden";
    token.name = "csrfmiddlewaretoken";
    token.value = (await box.asked(box.PLACES.ticket)).csrf;
    apart.append(token);
    apart.requestSubmit(button);
  }

  // --- sending ---
  async function submit() {
    if (held.sending) return;
    held.sending = true;
    find("[data-send]").setAttribute("aria-disabled", "true");
    showProblems(form, null);
    const said = fields().filter(([name]) => name !== "channel");
    const channel = matchMedia("(display-mode: standalone)").matches || sessionStorage.getItem("nguon") ? "app" : "web";
    const late = navigator.onLine ? [] : [["late", "1"]]; // nobody can be asked about the category: who reads it says
    const report = { id: held.id, fields: [...said, ["channel", channel], ...late], files: held.files, title: form.elements.words.value.trim(), at: new Date().toISOString() };
    await box.keep(report);
    await box.dropDraft();
    const bar = find("[data-progress]");
    bar.hidden = false;
    try {
      const told = await box.sendOne(report, (share) => {
        bar.querySelector("progress").value = Math.round(share * 100);
      });
      location.assign(told.href);
      return;
    } catch (problem) {
      bar.hidden = true;
      if (!(problem instanceof box.Refused)) return queued();
      await mend(report, problem);
    }
  }

  // No network, or a house out of order: it stays on the phone, and the page of my reports shows it.
  function queued() {
    navigator.serviceWorker?.ready.then((worker) => worker.sync?.register("smarthd-reports")).catch(() => {});
    location.assign(words.mine);
  }

  async function mend(report, problem) {
    await box.remove(report.id);
    if (problem.status === 409) held.id = box.newId();
    held.sending = false;
    find("[data-send]").removeAttribute("aria-disabled");
    await saveDraft();
    showProblems(form, report.refused || { title: problem.message, detail: "", fields: {} });
  }
}

function later(act, pause) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, pause);
  };
}
