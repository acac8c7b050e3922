// Finds behaviours by their data- attribute and loads only those the page uses. Pages work without any of them.
const behaviours = {
  "[data-dialog-open]": () => import("./dialog.js"),
  "[data-tabs]": () => import("./tabs.js"),
  "[data-wish]": () => import("./wishes.js"),
  "[data-print]": () => import("./print.js"),
  "[data-type-the-name]": () => import("./type-the-name.js"),
  "[data-suggest]": () => import("./suggest.js"),
  "[data-rows]": () => import("./rows.js"),
  "[data-copy]": () => import("./copy.js"),
  "form[data-once]": () => import("./once.js"),
  "[data-autosubmit]": () => import("./autosubmit.js"),
  "details[data-menu]": () => import("./menu.js"),
  "[data-toast]": () => import("./toast.js"),
  "[data-error-summary]": () => import("./error-summary.js"),
  "[data-survey-after]": () => import("./survey-after.js"),
  "[data-office-nav]": () => import("./office-nav.js"),
};

export async function start(root) {
  await Promise.all(
    Object.entries(behaviours).map(async ([selector, load]) => {
      const found = root.querySelectorAll(selector);
      if (!found.length) return;
      const behaviour = await load();
      found.forEach((element) => behaviour.start(element));
    }),
  );
}

document.documentElement.dataset.js = "";
start(document);
document.addEventListener("htmx:after:swap", (event) => start(event.target));
