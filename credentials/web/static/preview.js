// Shows what the page will say while the form is filled in. Without it, the Preview button does the same.
const form = document.querySelector("form[data-preview]");
const shown = document.querySelector("[data-shown]");
let waiting = 0;

const show = async () => {
  const typed = new FormData(form);
  // Files go with the form itself, once.
  for (const input of form.querySelectorAll("input[type=file]")) typed.delete(input.name);
  const answer = await fetch(form.dataset.preview, { method: "POST", body: typed, credentials: "same-origin" });
  if (answer.ok) shown.innerHTML = await answer.text();
};

form?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => show().catch(() => {}), 400);
});
