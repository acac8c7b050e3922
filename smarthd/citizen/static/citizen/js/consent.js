// <form data-consent="1">: a tick (name "usage") kept on this device; data-next goes on, data-done-on / data-done-off are said.
import { agreed, agreedNow, takenBack } from "./measure.js";
import { toast } from "../../ui/js/toast.js";

export async function start(form) {
  const tick = form.elements.namedItem("usage");
  if (form.dataset.shows !== undefined) tick.checked = await agreed();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (tick.checked) await agreedNow(Number(form.dataset.consent));
    else await takenBack();
    if (form.dataset.next) location.assign(form.dataset.next);
    else toast(tick.checked ? form.dataset.doneOn : form.dataset.doneOff);
  });
}
