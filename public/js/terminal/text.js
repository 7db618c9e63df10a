// Every word of the terminal.
const plurals = new Intl.PluralRules("en");
const units = ["byte", "kilobyte", "megabyte"].map(
  (unit) => new Intl.NumberFormat("en", { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 0 }),
);

function size(bytes) {
  const step = bytes < 1_000 ? 0 : bytes < 1_000_000 ? 1 : 2;
  return units[step].format(bytes / 1000 ** step);
}

export const text = {
  title: "Terminal",
  frame: "Terminal",
  back: "Sandboxes",
  toolbar: "Terminal",
  screen: "Shell",
  nowhere: "This address names no terminal.",
  nowhereHint: "Open one from a sandbox in the run console, or ask for a new link.",
  loadFailed: "The terminal could not be loaded.",

  status: {
    connecting: "Connecting…",
    open: "Connected",
    waiting: "Connection lost. Reconnecting…",
    nothingHere: "Nothing runs here yet. Waiting for the owner to open the terminal…",
    refused: (reason) => reason || "The terminal cannot be opened.",
    ended: ({ exitCode, signal }) => (signal ? `The shell was ended by ${signal}.` : `The shell has ended with exit code ${exitCode}.`),
  },
  action: { waiting: "Reconnect now", refused: "Try again", ended: "Start a new shell" },

  readOnly: "Read only",
  readOnlyHint: "You see this terminal and cannot type into it.",
  viewers: (number) => `${number} ${plurals.select(number) === "one" ? "viewer" : "viewers"}`,
  copy: "Copy the selection",
  copied: "Copied",
  copyNothing: "Select something first.",
  copyFailed: "The browser did not let us copy.",
  share: "Share",
  reader: "Screen reader mode",
  leave: "Ctrl+Shift+E leaves the terminal",
  keys: "Keys: Ctrl+Shift+C copies, Ctrl+Shift+V pastes, Ctrl+Shift+E moves the focus out of the terminal.",
  older: "older output is not kept",
  skipped: (bytes) => `${size(bytes)} of output were skipped`,

  shares: {
    title: "Share this terminal",
    lead: "Whoever has a link sees this terminal live, everything on it included, and cannot type. No account is needed.",
    name: "For whom (you alone see this)",
    life: "Ends after",
    lives: [
      { seconds: 900, label: "15 minutes" },
      { seconds: 3_600, label: "1 hour" },
      { seconds: 86_400, label: "1 day" },
      { seconds: 604_800, label: "7 days" },
    ],
    create: "Make a link",
    list: "Links that work",
    none: "Nobody can watch.",
    untitled: "Link",
    ends: (when) => `until ${when}`,
    copy: (name) => `Copy the link ${name}`,
    revoke: "Revoke",
    revokeLabel: (name) => `Revoke ${name}: whoever watches by it is disconnected`,
  },
};
