// [data-read-aloud="id"]: reads that element's heading and [data-said] parts aloud, where the phone has a voice for the language.
export function start(button) {
  const synthesis = window.speechSynthesis;
  if (!synthesis) return;
  const article = document.getElementById(button.dataset.readAloud);
  const language = article.closest("[lang]").lang || "vi";
  const words = button.querySelector("span");
  let reading = false;

  const voice = () => synthesis.getVoices().find((one) => one.lang.toLowerCase().startsWith(language));
  const offer = () => (button.hidden = !voice());
  offer();
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
