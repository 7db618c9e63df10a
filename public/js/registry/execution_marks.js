// What an execution was besides its words: where it ran, how long, what it used, whether the answer was kept, reduced
// or had something taken out.
import { credits as amount, span } from "../components/measures.js";
import { html } from "../lib.js";
import { text } from "./text.js";

const words = text.executions;

/** The figures in one line, as many as are known. */
export function Measures({ execution, full = false }) {
  const { edgeLocation, requestedLocation, latencyMs, tokens, credits } = execution;
  const used = (tokens?.input ?? 0) + (tokens?.output ?? 0);
  return html`
    <span class="fact reg-where" title=${words.where(text.location(edgeLocation ?? requestedLocation))}>${edgeLocation ?? text.location(requestedLocation ?? "auto")}</span>
    ${latencyMs != null && html`<span class="fact">${words.ms(latencyMs)}</span>`}
    ${used > 0 && html`<span class="fact">${words.tokens(tokens.input, tokens.output)}</span>`}
    ${full && credits != null && html`<span class="fact">${words.credits(amount(creditsOf(credits)))}</span>`}
  `;
}

/** What was paid: a number, or set aside and settled. */
export const creditsOf = (credits) => (typeof credits === "number" ? credits : (credits?.settled ?? credits?.reserved ?? 0));

/** Marks with words; nothing when the answer is as usual. */
export function Marks({ execution }) {
  const { cached, cacheAgeSeconds, degraded, filtered = [] } = execution;
  const { answer } = text;
  if (!cached && !degraded && filtered.length === 0) return null;
  return html`<ul class="reg-marks">
    ${cached && html`<li class="reg-mark">${cacheAgeSeconds == null ? answer.cachedNew : answer.cached(span(cacheAgeSeconds * 1_000))}</li>`}
    ${degraded && html`<li class="reg-mark warn" title=${answer.degradedHint}>${answer.degraded}</li>`}
    ${filtered.map(({ rule, count }) => html`<li class="reg-mark warn" key=${rule}>${answer.filtered(count, rule)}</li>`)}
  </ul>`;
}
