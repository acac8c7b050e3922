// [data-alert-page]: tells once that this phone opened the warning, so that the duty officer sees how many have read it.
export async function start(page) {
  if (!navigator.onLine || document.body.dataset.keptAt) return;
  const mark = `opened ${page.dataset.opened}`;
  try {
    if (localStorage.getItem(mark)) return;
    const ticket = await fetch("/phan-anh/gui/ve.json", { headers: { accept: "application/json" } });
    const { csrf } = await ticket.json();
    const told = await fetch(page.dataset.opened, { method: "POST", headers: { "x-csrftoken": csrf } });
    if (told.ok) localStorage.setItem(mark, "1");
  } catch {
    // no network: an opening that was not counted does no harm
  }
}
