// A native <dialog> over the page: the browser keeps the focus inside, closes it with Escape and gives
// the focus back. A click on the backdrop closes it too.
import { html, useEffect, useRef } from "../lib.js";

export function Modal({ label, class: extra = "", onClose, children }) {
  const box = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    box.current.showModal();
    return () => {
      if (document.activeElement === document.body || !document.activeElement) before?.focus?.();
    };
  }, []);
  return html`<dialog ref=${box} class=${`modal ${extra}`} aria-label=${label} onClose=${onClose} onMouseDown=${(event) => outside(event) && onClose()}>
    ${children}
  </dialog>`;
}

function outside(event) {
  if (event.target !== event.currentTarget) return false;
  const { left, right, top, bottom } = event.currentTarget.getBoundingClientRect();
  return event.clientX < left || event.clientX > right || event.clientY < top || event.clientY > bottom;
}
