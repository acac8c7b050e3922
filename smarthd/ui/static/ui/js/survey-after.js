// [data-survey-after]: a question that hangs on an answer shows once that answer is chosen; without this it stands there with its hint.
export function start(place) {
  const led = () =>
    [...document.getElementsByName(place.dataset.surveyAfter)].some((one) => one.checked && one.value === place.dataset.surveyOption);
  const show = () => {
    place.hidden = !led();
  };
  place.closest("form").addEventListener("change", show);
  show();
}
