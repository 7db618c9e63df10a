// A native <dialog> over the page: the browser keeps the focus inside, closes it with Escape and gives
// the focus back. A click on the backdrop closes it too.
import { html, useLayoutEffect, useRef } from "../lib.js";

export function Modal({ label, class: extra = "", onClose, children }) {
  const box = useRef(null);
  useLayoutEffect(() => {
    const dialog = box.current;
    dialog.showModal();
    dialog.addEventListener("close", onClose);
    return () => {
      dialog.removeEventListener("close", onClose); // it must not close the dialog that comes next
      dialog.close(); // gives the focus back
    };
  }, []);
  return html`<dialog
    ref=${box}
    class=${`modal ${extra}`}
    aria-label=${label}
    onMouseDown=${(event) => outside(event) && onClose()}
  >
    ${children}
  </dialog>`;
}

function outside(event) {
  if (event.target !== event.currentTarget) return false;
  const { left, right, top, bottom } = event.currentTarget.getBoundingClientRect();
  return event.clientX < left || event.clientX > right || event.clientY < top || event.clientY > bottom;
}
