// <form data-type-the-name="Nam Sách">: its submit button wakes when the field holds exactly that name.
export function start(form) {
  const field = form.querySelector("input[type=text], input:not([type])");
  const button = form.querySelector("button[type=submit]");
  const fold = (text) => text.normalize("NFC").trim().replace(/\s+/g, " ").toLocaleLowerCase("vi");
  const check = () => {
    button.disabled = fold(field.value) !== fold(form.dataset.typeTheName);
  };
  field.addEventListener("input", check);
  check();
}
