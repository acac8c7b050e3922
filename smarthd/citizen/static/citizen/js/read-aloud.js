// [data-read-aloud="id"]: reads that element's heading and [data-said] parts aloud, where the phone has a voice for the language;
// where it has none, [data-no-voice] says so.
const VOICES_COME_MS = 3000;

export function start(button) {
  const synthesis = window.speechSynthesis;
  const none = document.querySelector("[data-no-voice]");
  if (!synthesis) {
    if (none) none.hidden = false;
    return;
  }
  const article = document.getElementById(button.dataset.readAloud);
  const language = article.closest("[lang]").lang || "vi";
  const words = button.querySelector("span");
  let reading = false;

  const voice = () => synthesis.getVoices().find((one) => one.lang.toLowerCase().startsWith(language));
  const offer = () => {
    button.hidden = !voice();
    if (none && voice()) none.hidden = true;
  };
  offer();
  setTimeout(() => {
    if (none) none.hidden = Boolean(voice());
  }, VOICES_COME_MS);
  synthesis.addEventListener?.("voiceschanged", offer);

  const rest = () => {
    reading = false;
    words.textContent = button.dataset.wordsStart;
    button.setAttribute("aria-pressed", "false");
  };
  const pieces = () =>
    [...article.querySelectorAll("h1, [data-said]")]
      .flatMap((part) => part.innerText.split(/\n+|(?<=[.!?;:])\s+/))
      .map((line) => line.trim())
      .filter(Boolean);

  button.addEventListener("click", () => {
    synthesis.cancel();
    if (reading) return rest();
    reading = true;
    words.textContent = button.dataset.wordsStop;
    button.setAttribute("aria-pressed", "true");
    const lines = pieces();
    lines.forEach((line, place) => {
      const said = new SpeechSynthesisUtterance(line);
      said.lang = voice().lang;
      said.voice = voice();
      if (place === lines.length - 1) said.onend = rest;
      said.onerror = rest;
      synthesis.speak(said);
    });
  });
  addEventListener("pagehide", () => synthesis.cancel());
}
