// What a list shows when it has nothing to show: not yet, nothing at all, or a failure with a way on.
import { html } from "../lib.js";
import { text } from "../text.js";
import { Icon } from "./icon.js";

export function LoadingRows({ rows }) {
  const bars = Array.from({ length: rows }, () => html`<div class="loading-row"></div>`);
  return html`<div class="loading-rows" role="status"><span class="unseen">${text.loading}</span>${bars}</div>`;
}

export function EmptyState({ icon, title, hint }) {
  return html`<div class="empty">
    <${Icon} name=${icon} /><p class="empty-title">${title}</p>${hint && html`<p>${hint}</p>`}
  </div>`;
}

export function ErrorState({ title, error, onRetry }) {
  return html`<div class="empty error" role="alert">
    <${Icon} name="warning" />
    <p class="empty-title">${title}</p>
    ${error && html`<p>${[error.message !== title && error.message, error.nextStep].filter(Boolean).join(" ")}</p>`}
    ${onRetry && html`<button type="button" class="button" onClick=${onRetry}>${text.retry}</button>`}
  </div>`;
}
