// [data-offline-strip]: says that there is no network, and since when the page shown is known.
export function start(strip) {
  const keptAt = document.body.dataset.keptAt;
  const language = document.documentElement.lang || "vi";
  const show = () => {
    if (keptAt) {
      const when = new Date(keptAt);
      const time = when.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
      const day = when.toLocaleDateString(language === "vi" ? "vi-VN" : "en-GB");
      strip.textContent = `${strip.dataset.wordsSaved} ${time}, ${day}.`;
    } else strip.textContent = strip.dataset.wordsNow;
    strip.hidden = !keptAt && navigator.onLine;
  };
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
}
