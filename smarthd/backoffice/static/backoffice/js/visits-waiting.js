// [data-visits-waiting]: says on the team's first page how many visits this phone has not sent yet, after trying to.
import * as store from "./visit-store.js";
import { sync } from "./visit-sync.js";

export async function start(element) {
  await sync().catch(() => {});
  const count = (await store.owed()).length;
  const link = element.querySelector("a");
  link.textContent = `${count} ${link.dataset.words}`;
  element.hidden = count === 0;
}
