// <form data-columns>: rules that do not suit a column's kind step aside; what is typed is tried with the file, a moment after the last key.
const PAUSE = 900;

export function start(form) {
  let waiting;
  let asked = 0;
  form.addEventListener("change", (event) => {
    const { kindOf, ruleOf } = event.target.dataset;
    if (kindOf) suit(form, `[data-column="${kindOf}"]`, event.target.value);
    if (ruleOf) suit(form, `[data-between="${ruleOf}"]`, event.target.value);
    if (!event.target.closest("details, fieldset")) return;
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const number = (asked += 1);
      const page = await tried(form);
      if (page && number === asked) show(form, page);
    }, PAUSE);
  });
}

function suit(form, where, chosen) {
  for (const group of form.querySelectorAll(`${where} [data-kinds]`)) {
    group.hidden = !group.dataset.kinds.split(" ").includes(chosen);
  }
}

async function tried(form) {
  const body = new FormData(form, form.querySelector("[data-try]"));
  try {
    const answer = await fetch(location.href, { method: "POST", body, headers: { accept: "text/html" }, redirect: "manual" });
    return answer.ok || answer.status === 422 ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  } catch {
    return null; // offline: the button tries again
  }
}

function show(form, page) {
  const words = page.querySelector("[data-error-summary] ul");
  const trial = form.querySelector("[data-trial]");
  const fresh = page.querySelector("[data-trial]");
  if (words) trial.replaceChildren(words);
  else if (fresh) trial.replaceChildren(...fresh.childNodes);
  for (const badge of form.querySelectorAll("[data-found]")) {
    const found = page.querySelector(`[data-found="${badge.dataset.found}"]`);
    if (found) badge.replaceChildren(...found.childNodes);
  }
}
