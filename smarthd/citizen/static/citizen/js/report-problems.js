// What the server would not take, by the button, each line a way to its box; a line goes when its step is touched. null takes all away.
const BOXES = { photos: "id_photos", attachments: "id_photos", commune_name: "id_commune_name", address: "id_address", words: "id_words", category: "id_category" };

export function showProblems(form, refused) {
  const place = form.querySelector("[data-send-problem]");
  place.replaceChildren();
  if (!refused) return;
  const frame = document.createElement("div");
  frame.className = "error-summary";
  const title = document.createElement("h2");
  title.textContent = refused.title;
  const lines = document.createElement("ul");
  const fields = Object.entries(refused.fields || {});
  if (fields.length) lines.append(...fields.map(([name, said]) => line(form, name, said)));
  else lines.append(line(form, "", refused.detail));
  frame.append(title, lines);
  place.append(frame);
  if (fields.length) goWhenTouched(form, frame);
  place.scrollIntoView({ block: "center" });
}

function goWhenTouched(form, frame) {
  const touched = (event) => {
    if (!frame.isConnected) return stop();
    const step = event.target.closest("fieldset");
    if (!step) return;
    frame.querySelectorAll("li").forEach((item) => {
      const own = document.getElementById(BOXES[item.dataset.field] || `id_${item.dataset.field}`)?.closest("fieldset");
      const photoForWords = item.dataset.field === "words" && step.querySelector("[data-photo-input]"); // a photo says it too
      if (step === own || photoForWords) item.remove();
    });
    if (!frame.querySelector("li")) frame.remove();
  };
  const stop = () => ["input", "change", "click"].forEach((name) => form.removeEventListener(name, touched));
  ["input", "change", "click"].forEach((name) => form.addEventListener(name, touched));
}

function line(form, name, said) {
  const item = document.createElement("li");
  item.dataset.field = name;
  const id = BOXES[name] || `id_${name}`;
  if (!name || !document.getElementById(id)) {
    item.textContent = said;
    return item;
  }
  const link = document.createElement("a");
  link.href = `#${id}`;
  link.textContent = said;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById(id).focus();
  });
  item.append(link);
  return item;
}
