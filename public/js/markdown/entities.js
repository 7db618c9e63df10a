// Character references as text. The browser's own decoder is an HTML parser, which this page's
// policy keeps away from model text; the few names that models write are listed here.

const NAMED = {
  amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0", copy: "©", reg: "®", trade: "™",
  hellip: "…", mdash: "—", ndash: "–", lsquo: "‘", rsquo: "’", ldquo: "“", rdquo: "”", bull: "•",
  middot: "·", times: "×", divide: "÷", plusmn: "±", deg: "°", euro: "€", pound: "£", larr: "←",
  rarr: "→", uarr: "↑", darr: "↓", le: "≤", ge: "≥", ne: "≠", asymp: "≈", infin: "∞", check: "✓",
};

export function decodeEntities(text) {
  return text.includes("&") ? text.replace(/&(#x[\da-f]{1,6}|#\d{1,7}|\w{2,8});/gi, decode) : text;
}

function decode(reference, name) {
  if (!name.startsWith("#")) return NAMED[name] ?? reference;
  const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
}
