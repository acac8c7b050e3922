// <form data-locate>: asks the phone for its position, once, when the button is pressed, and sends it with the form.
export function start(form) {
  const said = form.querySelector("[data-locate-said]");
  if (!("geolocation" in navigator)) {
    form.hidden = true;
    return;
  }
  form.addEventListener("submit", (event) => {
    if (form.elements.lat.value) return;
    event.preventDefault();
    said.textContent = form.dataset.wordsWaiting;
    navigator.geolocation.getCurrentPosition(
      (position) => {
        form.elements.lat.value = position.coords.latitude.toFixed(5);
        form.elements.lon.value = position.coords.longitude.toFixed(5);
        form.submit();
      },
      () => {
        said.textContent = form.dataset.wordsFailed;
      },
      { timeout: 15000, maximumAge: 600000 },
    );
  });
}
