// <section data-live-every="60">: brings itself up to date, politely: only while it is looked at, never under a hand that works in it.
export function start(region) {
  const every = Number(region.dataset.liveEvery) * 1000;
  setInterval(() => refresh(region), every);
}

// What a form's token is, and whether the reader opened something, is no news.
const plain = (part) => part.innerHTML.replace(/(name="csrfmiddlewaretoken" value=")[^"]*/g, "$1").replace(/(<details[^>]*) open=""/g, "$1");

async function refresh(region) {
  const busy =
    document.visibilityState !== "visible" ||
    !navigator.onLine ||
    region.querySelector("input:checked[data-keeps], dialog[open]") ||
    (region.contains(document.activeElement) && document.activeElement.matches("input, textarea, select"));
  if (busy) return;
  let answer;
  try {
    answer = await fetch(location.href, { redirect: "manual", headers: { accept: "text/html" } });
  } catch {
    return;
  }
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of region.querySelectorAll("[data-live]")) {
    const fresh = page.querySelector(`[data-live="${part.dataset.live}"]`);
    if (fresh && plain(fresh) !== plain(part)) part.replaceChildren(...fresh.childNodes);
  }
}
