// <form data-autosubmit>: sent when a select or tick changes; its button is for those without scripts.
export function start(form) {
  form.addEventListener("change", () => form.requestSubmit());
}
