// <button data-copy="id" data-done="Đã chép">: copies the text of that element.
import { toast } from "./toast.js";

export function start(button) {
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
    toast(button.dataset.done);
  });
}
