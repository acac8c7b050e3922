// <form data-ticks>: x ticks the row that j/k stand on; how many are ticked is said beside the acts.
export function start(form) {
  const boxes = () => [...form.querySelectorAll("tbody input[type=checkbox]")];
  const told = form.querySelector("[data-ticks-count]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "x" || event.target.closest("input:not([type=checkbox]), textarea, select, dialog") || event.ctrlKey || event.metaKey || event.altKey) return;
    const box = form.querySelector("tr.is-current input[type=checkbox]");
    if (!box) return;
    box.checked = !box.checked;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  });
  const say = () => {
    if (told) told.textContent = String(boxes().filter((box) => box.checked).length);
  };
  form.addEventListener("change", say);
  say();
}
