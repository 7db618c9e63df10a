// Which addresses in model text may become links: absolute http, https and mailto, nothing else.
// Opening one goes through a dialog that names the host (components/link_dialog.js).

const ALLOWED = new Set(["http:", "https:", "mailto:"]);

/** `{href, host}` of an address that may be opened, or null when it stays text. */
export function outsideLink(address) {
  if (!/^(https?:\/\/|mailto:)/i.test(address)) return null;
  try {
    const url = new URL(address);
    if (!ALLOWED.has(url.protocol)) return null;
    return { href: url.href, host: url.host || url.pathname };
  } catch {
    return null;
  }
}
