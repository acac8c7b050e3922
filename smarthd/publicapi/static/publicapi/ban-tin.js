// <smarthd-ban-tin src="https://…/nhung/ban-tin/<khóa>/du-lieu.json"></smarthd-ban-tin>
// Shows a portal's bulletins in a shadow of its own: text only, no style of the page touched. What cannot be fetched leaves what stands.
const EVERY_MS = 60_000;
const STYLE = `
:host { display: block; font: 1rem/1.5 system-ui, sans-serif; color: #14232b; }
article { border-inline-start: .35rem solid #0c4f5b; background: #f3f7f8; padding: .75rem 1rem; margin-block: .5rem; }
article.urgent { border-color: #b3261e; background: #fdf1f0; }
h3 { margin: 0 0 .25rem; font-size: 1.1rem; } p { margin: .25rem 0; } .drill { font-weight: 700; } small { color: #4a5a62; }`;

class Bulletins extends HTMLElement {
  connectedCallback() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.shadow ??= this.attachShadow({ mode: "open" });
    this.shadow.adoptedStyleSheets = [sheet];
    this.refresh();
    this.timer = setInterval(() => this.refresh(), EVERY_MS);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  async refresh() {
    try {
      const answer = await fetch(this.getAttribute("src"), { credentials: "omit" });
      if (answer.ok) this.show((await answer.json()).bulletins);
    } catch {
      // offline: what was shown last stays
    }
  }

  show(bulletins) {
    this.shadow.replaceChildren(...bulletins.map(drawn));
    this.hidden = bulletins.length === 0;
  }
}

function drawn(bulletin) {
  const article = element("article", "");
  article.className = bulletin.priority;
  const title = element("h3", "");
  if (bulletin.link) {
    const link = element("a", bulletin.title);
    link.href = bulletin.link;
    title.append(link);
  } else title.textContent = bulletin.title;
  article.append(title);
  if (bulletin.opening) article.append(Object.assign(element("p", bulletin.opening), { className: "drill" }));
  article.append(element("p", bulletin.body));
  if (bulletin.instruction) article.append(element("p", `Việc cần làm: ${bulletin.instruction}`));
  article.append(element("small", `${bulletin.sender} · ${bulletin.area} · hiệu lực đến ${bulletin.until}`));
  return article;
}

function element(name, words) {
  return Object.assign(document.createElement(name), { textContent: words });
}

customElements.define("smarthd-ban-tin", Bulletins);
