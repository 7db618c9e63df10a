// Where the API answers: at this page's own origin, or at another one that a deployment of the front end
// alone names in <meta name="littoral-api" content="https://…">. `scripts/deploy` writes that element, and
// lets the page's policy connect there.
const named = globalThis.document?.querySelector('meta[name="littoral-api"]')?.content ?? "";

export const elsewhere = named !== "";
export const credentials = elsewhere ? "include" : "same-origin";

/** A path of the API as an address for `fetch`, a link, a frame. */
export const at = (path) => `${named}${path}`;

export const apiOrigin = () => named || location.origin;

/** The same for a socket. */
export const socketAt = (path) => apiOrigin().replace(/^http/, "ws") + path;
