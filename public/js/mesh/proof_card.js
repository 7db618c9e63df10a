// The proof: the state folded from all events, beside the live one, by their digests; for each agent of the replay.
import { Icon } from "../components/icon.js";
import { html } from "../lib.js";
import { StatusChip } from "./status_mark.js";
import { text } from "./text.js";

const words = text.proof;

export function ProofCard({ replay }) {
  const proofs = replay.proofs.value;
  const agents = replay.agents.value;
  const left = agents.filter((agent) => !proofs[agent]);
  const one = replay.filter.agent;
  return html`<section class="mesh-section mesh-proof"><h2>${words.title}</h2>
    ${Object.entries(proofs).map(([agent, found]) => html`<${Proof} key=${agent} agent=${agent} ...${found} onAgain=${() => replay.prove(agent)} />`)}
    ${!one && left.length > 0 && html`<button type="button" class="button" onClick=${() => replay.proveAll()}><${Icon} name="check" />${words.all}</button>`}
  </section>`;
}

function Proof({ agent, status, proof, error, onAgain }) {
  if (status === "folding") return html`<p class="mesh-foot"><b>${agent}</b><span class="hint" role="status">${words.folding}</span></p>`;
  const again = html`<button type="button" class="button small quiet" onClick=${onAgain}>${words.again}</button>`;
  if (status === "failed") return html`<div class="mesh-foot"><b>${agent}</b><span class="mesh-bad" role="alert">${words.failed} ${error.message}</span>${again}</div>`;
  const { equal, events, digest, liveDigest, upgraded, durationMs } = proof;
  const older = Array.isArray(upgraded) ? upgraded.length : Number(upgraded ?? 0);
  return html`<div class="mesh-proof-row">
    <div class="mesh-foot"><b>${agent}</b><${StatusChip} status=${equal ? "ok" : "failed"} words=${equal ? words.equal : words.unequal} />${again}</div>
    <p class="hint">${words.lead(events, durationMs)}${older > 0 && ` ${words.upgraded(older)}`}</p>
    <dl class="mesh-digests"><div><dt>${words.digest}</dt><dd>${digest}</dd></div><div><dt>${words.live}</dt><dd>${liveDigest}</dd></div></dl>
  </div>`;
}
