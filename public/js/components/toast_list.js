// The notes of toasts.js. Each is announced once; the list is in the top layer, above dialogs too.
import { html, useEffect, useRef } from "../lib.js";
import { text } from "../text.js";
import { Icon, IconButton } from "./icon.js";

const ICONS = { error: "warning", reminder: "bell", limit: "warning" };

export function ToastList({ toasts }) {
  const box = useRef(null);
  const list = toasts.list.value;
  useEffect(() => {
    if (!box.current.showPopover) return;
    if (box.current.matches(":popover-open")) box.current.hidePopover();
    if (list.length) box.current.showPopover();
  }, [list]);
  return html`<div ref=${box} class="toasts" popover="manual" role="status">
    ${list.map(
      (toast) => html`<div key=${toast.id} class=${`toast ${toast.kind}`}>
        ${ICONS[toast.kind] && html`<${Icon} name=${ICONS[toast.kind]} />`}
        <p>${toast.text}</p>
        ${toast.action && html`<button
          type="button"
          class="button quiet"
          onClick=${() => toasts.act(toast)}
        >${toast.action.label}</button>`}
        <${IconButton} icon="close" label=${text.close} onClick=${() => toasts.dismiss(toast)} />
      </div>`,
    )}
  </div>`;
}
