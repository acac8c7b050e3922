// toast("Đã bỏ lưu", { undo: () => … }): a short word at the bottom, for 8 s or until closed; server messages start as one.
const LIFE = 8000;

export function toast(words, { undo } = {}) {
  const region = document.querySelector("[data-toasts]");
  const element = document.createElement("div");
  element.className = "toast";
  element.setAttribute("role", "status");
  const text = document.createElement("span");
  text.className = "toast-words";
  text.textContent = words;
  element.append(text);
  if (undo) {
    element.append(
      button(region.dataset.undoWords, () => {
        undo();
        element.remove();
      }),
    );
  }
  region.append(element);
  start(element);
  return element;
}

export function start(element) {
  const region = element.closest("[data-toasts]");
  element.append(button(region.dataset.closeWords, () => element.remove()));
  let timer = setTimeout(() => element.remove(), LIFE);
  const stay = () => clearTimeout(timer);
  const leave = () => {
    timer = setTimeout(() => element.remove(), LIFE);
  };
  element.addEventListener("mouseenter", stay);
  element.addEventListener("focusin", stay);
  element.addEventListener("mouseleave", leave);
  element.addEventListener("focusout", leave);
}

function button(words, act) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "button";
  element.textContent = words;
  element.addEventListener("click", act);
  return element;
}
