// [data-saved-pages]: lists the pages kept on this device, newest first, each with the time it was kept.
export async function start(list) {
  if (!("caches" in window)) return;
  const store = await caches.open("pages-1");
  const found = [];
  for (const request of await store.keys()) {
    const copy = await store.match(request);
    if (!(copy.headers.get("content-type") || "").startsWith("text/html")) continue;
    const title = (await copy.text()).match(/<title>([^<]*)<\/title>/)?.[1] ?? request.url;
    found.push({ url: request.url, title: text(title).replace(/ – Smart-HaiDuong$/, ""), at: copy.headers.get("x-kept-at") || "" });
  }
  found.sort((a, b) => (a.at < b.at ? 1 : -1));
  list.replaceChildren(...found.map(item));
  document.querySelector("[data-saved-none]").hidden = found.length > 0;
  list.hidden = found.length === 0;

  function text(html) {
    return new DOMParser().parseFromString(html, "text/html").documentElement.textContent.trim();
  }

  function item({ url, title, at }) {
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.className = "list-item";
    link.href = url;
    const words = document.createElement("span");
    words.className = "grow";
    const name = document.createElement("span");
    name.className = "list-title";
    name.textContent = title;
    const note = document.createElement("span");
    note.className = "list-note";
    note.textContent = ` ${list.dataset.wordsKept} ${new Date(at).toLocaleString(document.documentElement.lang === "en" ? "en-GB" : "vi-VN", { dateStyle: "short", timeStyle: "short" })}`;
    words.append(name, document.createElement("br"), note);
    link.append(words);
    line.append(link);
    return line;
  }
}
