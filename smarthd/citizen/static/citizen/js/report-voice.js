// [data-voice]: a voice note of two minutes at most, heard again before it is sent, taken away with one press.
const MOST_MS = 120_000;

export function startVoice(place, kept) {
  if (!navigator.mediaDevices?.getUserMedia || !("MediaRecorder" in window)) return;
  const words = place.dataset;
  const button = place.querySelector("[data-voice-button]");
  const said = place.querySelector("[data-voice-said]");
  const shelf = place.querySelector("[data-voice-kept]");
  let recorder = null;
  place.hidden = false;

  button.addEventListener("click", async () => {
    if (recorder) {
      recorder.stop();
      return;
    }
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      said.textContent = words.wordsRefused;
      return;
    }
    record(stream);
  });

  function record(stream) {
    const pieces = [];
    recorder = new MediaRecorder(stream, { audioBitsPerSecond: 24_000 });
    const end = setTimeout(() => recorder?.stop(), MOST_MS);
    recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
    recorder.addEventListener("stop", () => {
      clearTimeout(end);
      stream.getTracks().forEach((track) => track.stop());
      const blob = new Blob(pieces, { type: recorder.mimeType });
      recorder = null;
      label(words.wordsStart);
      show(blob);
      kept(blob);
    });
    recorder.start();
    label(words.wordsStop);
  }

  function label(text) {
    button.querySelector("span").textContent = text;
  }

  function show(blob) {
    said.textContent = words.wordsKept;
    const player = document.createElement("audio");
    player.controls = true;
    player.src = URL.createObjectURL(blob);
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "button button-quiet";
    drop.textContent = words.wordsDrop;
    drop.addEventListener("click", () => {
      URL.revokeObjectURL(player.src);
      shelf.replaceChildren();
      said.textContent = "";
      kept(null);
    });
    shelf.replaceChildren(player, drop);
  }
}
