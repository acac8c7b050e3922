// <table data-rows>: j/k move between the rows that lead somewhere (all, where none does), Enter opens the row's first link, / goes to the page's search, ? opens the help.
export function start(table) {
  const rows = () => {
    const all = [...table.querySelectorAll("tbody tr")];
    const leading = all.filter((row) => row.querySelector("a"));
    return leading.length ? leading : all;
  };
  let at = -1;
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, textarea, select, dialog") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "Enter" && at >= 0 && event.target === document.body) rows()[at].querySelector("a")?.click();
    else if (event.key === "/") focus(event, "[type=search], [data-search]");
    else if (event.key === "?") document.getElementById("phim-tat")?.showModal?.();
  });

  function move(step) {
    const all = rows();
    if (!all.length) return;
    all[at]?.classList.remove("is-current");
    at = Math.min(Math.max(at + step, 0), all.length - 1);
    all[at].classList.add("is-current");
    all[at].scrollIntoView({ block: "nearest" });
    all[at].querySelector("a")?.focus({ preventScroll: true });
  }

  function focus(event, selector) {
    const field = document.querySelector(selector);
    if (!field) return;
    event.preventDefault();
    field.focus();
  }
}
