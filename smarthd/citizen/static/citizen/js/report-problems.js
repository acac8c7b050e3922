// What the server would not take, above the button, each line a way to its box; null takes it away.
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
  place.scrollIntoView({ block: "center" });
}

function line(form, name, said) {
  const item = document.createElement("li");
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
