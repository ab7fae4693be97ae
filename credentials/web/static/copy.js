// Offers "Copy the link" where the browser can copy; without this module the address stands beside the QR code.
const said = document.querySelector("[data-said]");

for (const item of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  item.hidden = false;
  const button = item.querySelector("button");
  const label = button.textContent;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.text);
      button.textContent = "Copied";
    } catch {
      button.textContent = button.dataset.text;
    }
    if (said) said.textContent = button.textContent;
    setTimeout(() => { button.textContent = label; }, 4000);
  });
}
