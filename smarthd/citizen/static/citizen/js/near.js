// "Gần tôi": asks the phone where it is and shows the rows nearest first. The position goes into the address of this page only.
export function start(button) {
  button.addEventListener("click", () => {
    button.disabled = true;
    const failed = () => {
      button.disabled = false;
      button.after(Object.assign(document.createElement("span"), { className: "small", role: "status", textContent: button.dataset.wordsFailed }));
    };
    if (!navigator.geolocation) {
      failed();
      return;
    }
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      const address = new URL(location.href);
      address.searchParams.set("lat", coords.latitude.toFixed(4));
      address.searchParams.set("lon", coords.longitude.toFixed(4));
      address.searchParams.delete("cursor");
      location.assign(address);
    }, failed, { timeout: 10000 });
  });
}
