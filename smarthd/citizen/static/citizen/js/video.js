// [data-video]: says so where the video cannot be loaded; its words and its file are below it all the same.
export function start(video) {
  const lost = video.parentElement.querySelector("[data-video-lost]");
  const told = () => (lost.hidden = false);
  video.addEventListener("error", told);
  video.querySelector("source")?.addEventListener("error", told);
  video.addEventListener("playing", () => (lost.hidden = true));
  if (video.networkState === HTMLMediaElement.NETWORK_NO_SOURCE) told();
}
