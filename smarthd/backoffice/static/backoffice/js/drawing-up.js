// <form data-drawing-up="address">: shows beside the form being drawn up what the units will see, a moment after each change.
const AFTER_TYPING = 700;

export function start(form) {
  const place = document.querySelector("[data-drawn]");
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, AFTER_TYPING);
  });

  async function show() {
    try {
      const answer = await fetch(form.dataset.drawingUp, { method: "POST", redirect: "manual", body: new FormData(form), headers: { accept: "text/html" } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      place.replaceChildren(...page.body.childNodes);
    } catch {
      // no network: the preview waits
    }
  }
}
