// Inline tokens → vnodes: emphasis, code, links, images. Raw HTML stays text.
import { html } from "../lib.js";
import { ImageChip, OutsideLink } from "../components/outside.js";
import { text } from "../text.js";
import { decodeEntities } from "./entities.js";
import { outsideLink } from "./links.js";

export function inline(tokens = []) {
  return tokens.map((token) => INLINE[token.type]?.(token) ?? token.raw);
}

const INLINE = {
  text: (token) => (token.tokens ? inline(token.tokens) : decodeEntities(token.text)),
  escape: (token) => token.text,
  strong: (token) => html`<strong>${inline(token.tokens)}</strong>`,
  em: (token) => html`<em>${inline(token.tokens)}</em>`,
  del: (token) => html`<del>${inline(token.tokens)}</del>`,
  codespan: (token) => html`<code>${token.text}</code>`,
  br: () => html`<br />`,
  checkbox: (token) => html`<span class="box" role="img" aria-label=${text.chat.box(token.checked)}>${token.checked ? "☑" : "☐"} </span>`,
  link: (token) => link(token),
  image: (token) => image(token),
};

function link(token) {
  const target = outsideLink(decodeEntities(token.href));
  return target ? html`<${OutsideLink} ...${target}>${inline(token.tokens)}<//>` : html`<span>${inline(token.tokens)}</span>`;
}

function image(token) {
  const target = outsideLink(decodeEntities(token.href));
  return html`<${ImageChip} description=${token.text} target=${target} />`;
}
