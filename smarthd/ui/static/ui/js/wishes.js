// Radios data-wish="chu" (value "lon" or other) and data-wish="nen" ("", "sang", "toi"): applied at once, kept in the cookie smarthd_ui.
const root = document.documentElement;

export function start(field) {
  field.addEventListener("change", () => {
    const name = field.dataset.wish === "chu" ? "text" : "theme";
    if (name === "text" && field.value !== "lon") delete root.dataset.text;
    else if (field.value) root.dataset[name] = field.value;
    else delete root.dataset[name];
    keep();
  });
}

function keep() {
  const parts = [root.dataset.text === "lon" ? "chu-to" : "", root.dataset.theme || ""].filter(Boolean);
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `smarthd_ui=${parts.join(".")}; path=/; max-age=31536000; samesite=lax${secure}`;
}
