// <button data-dialog-open="id">: opens <dialog id>; [data-dialog-close] inside closes it; the backdrop closes it too.
export function start(opener) {
  const dialog = document.getElementById(opener.dataset.dialogOpen);
  if (!dialog) return;
  opener.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.showModal();
  });
  if (dialog.dataset.ready !== undefined) return;
  dialog.dataset.ready = "";
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-dialog-close]")) dialog.close();
  });
}
