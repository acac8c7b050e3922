// [data-error-summary]: takes the focus, so that it is read first; its links put the cursor into the field.
export function start(summary) {
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const field = link && document.querySelector(link.hash);
    if (!field) return;
    event.preventDefault();
    field.closest(".field")?.scrollIntoView({ block: "start" });
    (field.matches("input, select, textarea") ? field : field.querySelector("input, select, textarea"))?.focus();
  });
}
