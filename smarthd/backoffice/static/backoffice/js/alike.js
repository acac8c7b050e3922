// <form data-alike="/…">: half a second after the last letter asks what may be the same, and shows it in [data-alike-here].
export function start(form) {
  const here = form.querySelector("[data-alike-here]");
  let timer = 0;
  let asked = 0;
  form.addEventListener("input", (event) => {
    if (!["words", "commune", "category"].includes(event.target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(ask, 500);
  });

  async function ask() {
    const mine = ++asked;
    const typed = new FormData(form);
    const url = new URL(form.dataset.alike, location.href);
    for (const name of ["words", "commune", "category"]) url.searchParams.set(name, String(typed.get(name) ?? "").slice(0, 1500));
    try {
      const response = await fetch(url);
      if (!response.ok || mine !== asked) return;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      here.replaceChildren(...(page.querySelector("[data-alike-found]")?.childNodes ?? []));
    } catch {
      // offline: the form itself still says so when it is sent
    }
  }
}
