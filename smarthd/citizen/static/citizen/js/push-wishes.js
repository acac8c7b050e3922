// [data-push-wishes]: the page where a phone is told or not, of what, and when it wants quiet.
import * as push from "./push.js";
import { toast } from "../../ui/js/toast.js";

export async function start(page) {
  const show = (state) => {
    for (const part of page.querySelectorAll("[data-push-state]")) {
      part.hidden = !part.dataset.pushState.split(" ").includes(state);
    }
  };
  if (!push.possible()) return show("impossible");
  if (Notification.permission === "denied") return show("denied");
  const form = page.querySelector("form");
  const places = followedList(form);
  page.querySelector("[data-push-begin]").addEventListener("click", (event) =>
    busy(event.currentTarget, async () => {
      const wishes = await push.begin(Number(page.dataset.pushWishes));
      if (!wishes) return show(Notification.permission === "denied" ? "denied" : "off");
      fill(form, wishes, places);
      show("on");
      toast(page.dataset.doneOn);
    }, page),
  );
  page.querySelector("[data-push-end]").addEventListener("click", (event) =>
    busy(event.currentTarget, async () => {
      await push.end();
      show("off");
      toast(page.dataset.doneOff);
    }, page),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    busy(form.querySelector("[type=submit]"), async () => {
      fill(form, await push.tell(await push.current(), wishesIn(form, places)), places);
      toast(page.dataset.doneSaved);
    }, page);
  });
  const subscription = await push.current();
  if (!subscription) return show("off");
  try {
    fill(form, await push.tell(subscription), places);
    show("on");
  } catch (problem) {
    show(problem.status === 409 ? "off" : "on");
    if (problem.status !== 409) toast(page.dataset.failed);
  }
}

async function busy(button, act, page) {
  button.disabled = true;
  try {
    await act();
  } catch (problem) {
    toast(problem.status === 422 ? problem.message : page.dataset.failed);
  } finally {
    button.disabled = false;
  }
}

function wishesIn(form, places) {
  const topics = [...form.querySelectorAll("[name=topic]:checked")].map((tick) => tick.value);
  const quiet = form.elements.quiet.checked ? [Number(form.elements.quiet_from.value), Number(form.elements.quiet_to.value)] : [];
  return { topics, quiet, followed: places.chosen() };
}

function fill(form, wishes, places) {
  for (const tick of form.querySelectorAll("[name=topic]")) tick.checked = wishes.topics.includes(tick.value);
  form.elements.quiet.checked = wishes.quiet.length === 2;
  if (wishes.quiet.length === 2) {
    form.elements.quiet_from.value = String(wishes.quiet[0]);
    form.elements.quiet_to.value = String(wishes.quiet[1]);
  }
  places.show(wishes.communes.slice(1));
}

// Communes followed beside the home: chosen one by one from the list, at most as many as the list says.
function followedList(form) {
  const list = form.querySelector("[data-followed]");
  const choice = form.querySelector("[data-follow]");
  const chosen = () => [...list.querySelectorAll("[data-uid]")].map((row) => row.dataset.uid);
  const add = (uid) => {
    const option = choice.querySelector(`option[value="${CSS.escape(uid)}"]`);
    if (!option || chosen().includes(uid) || chosen().length >= Number(list.dataset.most)) return;
    const row = document.createElement("li");
    row.className = "list-item";
    row.dataset.uid = uid;
    const name = document.createElement("span");
    name.className = "grow";
    name.lang = "vi";
    name.textContent = option.textContent;
    const out = document.createElement("button");
    out.type = "button";
    out.className = "button button-second";
    out.textContent = list.dataset.removeWords;
    out.setAttribute("aria-label", `${list.dataset.removeWords} ${option.textContent}`);
    out.addEventListener("click", () => row.remove());
    row.append(name, out);
    list.append(row);
  };
  choice.addEventListener("change", () => {
    add(choice.value);
    choice.value = "";
  });
  return {
    chosen,
    show: (uids) => {
      list.replaceChildren();
      uids.forEach(add);
    },
  };
}
