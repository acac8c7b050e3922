// [data-copy-filter]: finds rows in a page kept on the phone, without a network; marks and case do not matter.
const fold = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();

export function start(box) {
  const rows = [...document.querySelectorAll("[data-copy-rows] > li")].map((item) => ({ item, words: fold(item.textContent) }));
  const count = box.querySelector("[data-copy-count]");
  box.querySelector("input").addEventListener("input", ({ target }) => {
    const wanted = fold(target.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { item, words } of rows) {
      item.hidden = !wanted.every((word) => words.includes(word));
      shown += !item.hidden;
    }
    count.textContent = shown ? "" : box.dataset.wordsNone;
  });
}
