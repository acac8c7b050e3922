// [data-office-nav]: open beside the page on wide screens, folded on phones.
export function start(nav) {
  const wide = window.matchMedia("(width >= 64rem)");
  const follow = () => {
    nav.open = wide.matches;
  };
  wide.addEventListener("change", follow);
  follow();
}
