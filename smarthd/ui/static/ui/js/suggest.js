// <input data-suggest="/dia-chi/goi-y/" data-none="…">: as-you-type list under the field.
// The address answers JSON {"items": [{"label", "note", "href" | "value"}]}; href is followed, value goes to data-value-field.
// A word starts the asking after 150 ms; late answers are dropped; without a script the form around it still searches.
export function start(input) {
  const box = document.createElement("div");
  box.className = "suggestions";
  box.id = `${input.id || input.name}-goi-y`;
  box.setAttribute("role", "listbox");
  box.setAttribute("aria-label", input.dataset.listLabel || input.getAttribute("aria-label") || "");
  box.hidden = true;
  input.closest(".search").append(box);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", box.id);
  input.setAttribute("aria-expanded", "false");
  input.autocomplete = "off";

  let timer = 0;
  let asked = 0;
  let items = [];
  let chosen = -1;

  input.addEventListener("input", () => {
    clearTimeout(timer);
    const target = valueField();
    if (target) target.value = "";
    timer = setTimeout(ask, 150);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !box.hidden) {
      event.preventDefault(); // the first closes the list, the next empties a search field
      close();
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!items.length) return;
      event.preventDefault();
      mark((chosen + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length);
    }
    if (event.key === "Enter" && chosen >= 0 && !box.hidden) {
      event.preventDefault();
      choose(items[chosen]);
    }
  });
  input.addEventListener("blur", () => setTimeout(close, 150));

  function valueField() {
    return input.dataset.valueField ? document.getElementById(input.dataset.valueField) : null;
  }

  async function ask() {
    const words = input.value.trim();
    if (words.length < 2) return close();
    const mine = ++asked;
    const url = new URL(input.dataset.suggest, location.href);
    url.searchParams.set("q", words);
    try {
      const response = await fetch(url, { headers: { accept: "application/json" } });
      if (!response.ok || mine !== asked) return;
      show((await response.json()).items);
    } catch {
      close(); // offline: the form itself still says so when it is sent
    }
  }

  function show(found) {
    items = found;
    chosen = -1;
    box.replaceChildren(...items.map(option));
    if (!items.length) {
      const none = document.createElement("p");
      none.className = "none soft";
      none.textContent = input.dataset.none || "";
      box.append(none);
    }
    box.hidden = false;
    input.setAttribute("aria-expanded", "true");
    input.removeAttribute("aria-activedescendant");
  }

  function option(item, index) {
    const element = document.createElement("div");
    element.id = `${box.id}-${index}`;
    element.setAttribute("role", "option");
    element.setAttribute("aria-selected", "false");
    const label = document.createElement("span");
    label.className = "list-title";
    label.textContent = item.label;
    element.append(label);
    if (item.note) {
      const note = document.createElement("span");
      note.className = "list-note";
      note.textContent = item.note;
      element.append(note);
    }
    element.addEventListener("mousedown", (event) => event.preventDefault());
    element.addEventListener("click", () => choose(item));
    return element;
  }

  function mark(index) {
    chosen = index;
    [...box.children].forEach((element, place) => element.setAttribute("aria-selected", String(place === index)));
    input.setAttribute("aria-activedescendant", `${box.id}-${index}`);
    box.children[index].scrollIntoView({ block: "nearest" });
  }

  function choose(item) {
    if (item.href) {
      location.assign(item.href);
      return;
    }
    input.value = item.label;
    const target = valueField();
    if (target) target.value = item.value;
    close();
    input.dispatchEvent(new CustomEvent("chosen", { bubbles: true, detail: item }));
  }

  function close() {
    box.hidden = true;
    items = [];
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
}
