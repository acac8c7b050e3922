// [data-read-seconds="10"] data-value-read="read_notice": counted once when it has been in view that long, all told.
import { count } from "./measure.js";

export function start(article) {
  let left = Number(article.dataset.readSeconds) * 1000;
  let since = 0;
  let timer = 0;
  let inView = false;

  const run = () => {
    if (since || left <= 0 || !inView || document.visibilityState !== "visible") return;
    since = performance.now();
    timer = setTimeout(done, left);
  };
  const pause = () => {
    if (!since) return;
    clearTimeout(timer);
    left -= performance.now() - since;
    since = 0;
  };
  const done = () => {
    left = 0;
    article.dataset.read = "";
    count(article.dataset.valueRead);
  };

  new IntersectionObserver((entries) => {
    inView = entries.at(-1).isIntersecting;
    if (inView) run();
    else pause();
  }).observe(article);
  document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? run() : pause()));
}
