// [data-sealed]: on the list of reports, sends what was sealed on this device while there was no network and the page was closed.
import * as drafts from "./drafts.js";
import { toast } from "../../ui/js/toast.js";

export async function start(place) {
  const account = `${place.dataset.sealedAccount}:`;
  const token = place.querySelector("[name=csrfmiddlewaretoken]").value;
  const send = async () => {
    if (!navigator.onLine) return;
    const held = await drafts.all().catch(() => []);
    for (const record of held.filter((one) => one.sealedAt && one.key.startsWith(account))) {
      const answer = await drafts.send(record, token);
      if (answer.kind !== "sent") continue;
      await drafts.forget(record.key);
      toast(answer.words);
      const row = document.querySelector(`[data-owed="${record.key.slice(account.length)}"]`);
      if (row) row.href = answer.address;
    }
  };
  window.addEventListener("online", send);
  await send();
}
