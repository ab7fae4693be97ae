// Looks again every two seconds while something is worked on. Without it, the link "Look again" does the same.
const look = async () => {
  const answer = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-progress]");
  if (!page || !("working" in page.dataset)) return location.reload();
  document.querySelector("[data-progress]").replaceWith(page);
};

setInterval(() => look().catch(() => {}), 2000);
