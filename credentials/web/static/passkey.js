// Lets a form with data-passkey ask the device for a passkey, and sends its answer. Without it, links and codes serve.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const asked = (options) => {
  const wanted = { ...options, challenge: bytes(options.challenge) };
  if (options.user) wanted.user = { ...options.user, id: bytes(options.user.id) };
  for (const name of ["allowCredentials", "excludeCredentials"]) {
    if (options[name]) wanted[name] = options[name].map((one) => ({ ...one, id: bytes(one.id) }));
  }
  return wanted;
};

const told = (found) => {
  const response = { clientDataJSON: text(found.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (found.response[name]) response[name] = text(found.response[name]);
  }
  return JSON.stringify({ id: found.id, rawId: text(found.rawId), type: found.type, response, clientExtensionResults: {} });
};

const prepare = (form) => {
  const said = form.querySelector("[data-said]");
  const kind = form.dataset.passkey;
  form.hidden = false;
  form.nextElementSibling?.matches("[data-no-passkey]") && form.nextElementSibling.remove();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.textContent = "";
    try {
      const publicKey = asked(JSON.parse(form.dataset.options));
      form.elements.answer.value = told(await navigator.credentials[kind]({ publicKey }));
      form.submit();
    } catch {
      said.textContent = "The device gave no passkey. Try again, or go on without one.";
    }
  });
};

if (window.PublicKeyCredential) document.querySelectorAll("form[data-passkey]").forEach(prepare);
