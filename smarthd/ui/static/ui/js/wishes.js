// [data-wish="chu-to"] (a tick) and [data-wish="giao-dien"] (radios): applied at once and kept in the cookie smarthd_ui.
const root = document.documentElement;

export function start(field) {
  field.addEventListener("change", () => {
    if (field.dataset.wish === "chu-to") {
      if (field.checked) root.dataset.text = "lon";
      else delete root.dataset.text;
    } else if (field.value) root.dataset.theme = field.value;
    else delete root.dataset.theme;
    keep();
  });
}

function keep() {
  const parts = [root.dataset.text === "lon" ? "chu-to" : "", root.dataset.theme || ""].filter(Boolean);
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `smarthd_ui=${parts.join(".")}; path=/; max-age=31536000; samesite=lax${secure}`;
}
