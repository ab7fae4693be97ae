// Reads QR codes in the browser where it can (BarcodeDetector); elsewhere the same form sends the photo to the server.
const form = document.querySelector("[data-scan]");
const box = form.querySelector("textarea");
const file = form.querySelector("input[type=file]");
const said = form.querySelector("[data-said]");
const offer = form.querySelector("[data-camera]");

async function detector() {
  if (!("BarcodeDetector" in window)) return null;
  const formats = await BarcodeDetector.getSupportedFormats();
  return formats.includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
}

async function read(reader, picture) {
  const found = await reader.detect(picture).catch(() => []);
  return found.length ? found[0].rawValue : null;
}

function check(text) {
  box.value = text;
  file.value = "";
  said.textContent = "QR code read. Checking.";
  form.requestSubmit();
}

async function watch(reader) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const video = document.createElement("video");
  video.className = "camera";
  video.muted = video.playsInline = true;
  video.srcObject = stream;
  offer.after(video);
  await video.play();
  said.textContent = "Hold the QR code in front of the camera.";
  const until = Date.now() + 60000;
  let text = null;
  while (!text && Date.now() < until) {
    text = await read(reader, video);
    await new Promise((next) => { setTimeout(next, 200); });
  }
  stream.getTracks().forEach((track) => { track.stop(); });
  video.remove();
  if (text) check(text);
  else said.textContent = "No QR code seen. Take a photo and choose it as a file.";
}

// A file dropped anywhere on the page is the file to check.
document.addEventListener("dragover", (event) => { event.preventDefault(); });
document.addEventListener("drop", (event) => {
  event.preventDefault();
  if (!event.dataTransfer.files.length) return;
  file.files = event.dataTransfer.files;
  file.dispatchEvent(new Event("change"));
  file.focus();
});

const reader = await detector().catch(() => null);
if (reader) {
  file.addEventListener("change", async () => {
    const chosen = file.files[0];
    if (!chosen || !chosen.type.startsWith("image/")) return;
    const picture = await createImageBitmap(chosen).catch(() => null);
    const text = picture && await read(reader, picture);
    if (text) check(text);
  });
  if (navigator.mediaDevices) {
    offer.hidden = false;
    offer.querySelector("button").addEventListener("click", () => {
      watch(reader).catch(() => { said.textContent = "The camera can’t be used. Choose a photo instead."; });
    });
  }
}
