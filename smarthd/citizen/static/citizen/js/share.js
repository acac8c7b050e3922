// [data-share]: hands the page's address to the phone's own sharing, or copies it.
import { toast } from "../../ui/js/toast.js";

export function start(button) {
  if (!navigator.share && !navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const address = location.origin + location.pathname;
    if (navigator.share) {
      await navigator.share({ title: document.title, url: address }).catch(() => {});
      return;
    }
    await navigator.clipboard.writeText(address);
    toast(button.dataset.done);
  });
}
