// <input type=checkbox data-tick-all="name">: ticks all boxes of that name in its form that are not disabled.
export function start(box) {
  const others = () => [...box.form.querySelectorAll(`input[type=checkbox][name="${box.dataset.tickAll}"]:not(:disabled)`)];
  box.addEventListener("change", () =>
    others().forEach((one) => {
      one.checked = box.checked;
    }),
  );
  const agree = () => {
    const all = others();
    const ticked = all.filter((one) => one.checked).length;
    box.checked = ticked > 0 && ticked === all.length;
    box.indeterminate = ticked > 0 && ticked < all.length;
  };
  box.form.addEventListener("change", agree);
  agree();
}
