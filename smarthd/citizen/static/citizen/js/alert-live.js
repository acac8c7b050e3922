// [data-alerts-live]: an open page hears of a new warning within half a minute, from the commune's file (a few hundred bytes, 304 when nothing is new).
const EVERY_MS = 30000;
const FRESH_MS = 120000;

export function start(strip) {
  const words = strip.dataset;
  const rendered = words.codes.split(",").filter(Boolean);
  const english = document.documentElement.lang === "en";
  const sprite = () => document.querySelector("svg.icon use")?.getAttribute("href").split("#")[0];

  function line(alert) {
    const link = document.createElement("a");
    link.className = `alert-line ${alert.colour}${alert.status === "Actual" ? "" : " alert-drill"}`;
    link.href = alert.url;
    link.innerHTML = `<svg class="icon" aria-hidden="true" focusable="false"><use href="${sprite()}#warning"></use></svg>`;
    const title = document.createElement("span");
    title.className = "alert-line-title";
    const change = { Update: words.wordsUpdate, Cancel: words.wordsCancel }[alert.kind];
    const mark = alert.status === "Exercise" ? words.wordsDrill : "";
    title.textContent = [mark, change, english ? alert.headline.en : alert.headline.vi].filter(Boolean).join(": ");
    const act = document.createElement("span");
    act.className = "alert-line-act";
    act.textContent = words.wordsAct;
    const both = document.createElement("span");
    both.className = "grow";
    both.append(title, act);
    link.append(both);
    return link;
  }

  function show(told) {
    const now = Date.now();
    const alerts = told.alerts.filter((alert) => Date.parse(alert.expires) > now);
    navigator.serviceWorker?.controller?.postMessage({ keep: ["/canh-bao/", ...alerts.map((alert) => alert.url)] });
    const codes = alerts.map((alert) => alert.code).join(",");
    if (codes === words.codes) return;
    // A page just made knows more than a file not yet written: what it shows is not taken away.
    const young = performance.now() < FRESH_MS && !document.body.dataset.keptAt;
    if (young && rendered.some((code) => !alerts.some((alert) => alert.code === code))) return;
    words.codes = codes;
    strip.replaceChildren(...alerts.slice(0, 2).map(line));
    strip.hidden = !alerts.length;
  }

  async function ask() {
    if (document.hidden || !navigator.onLine) return;
    try {
      const response = await fetch(words.alertsLive, { cache: "no-cache", headers: { accept: "application/json" } });
      if (response.ok) show(await response.json());
    } catch {
      // the next time
    }
  }

  const again = () => setTimeout(() => ask().finally(again), EVERY_MS * (0.8 + Math.random() * 0.4));
  document.addEventListener("visibilitychange", ask);
  window.addEventListener("online", ask);
  (window.requestIdleCallback || ((act) => setTimeout(act, 500)))(() => ask());
  again();
}
