// What somebody who met a limit is told, and where the way on leads. Fetched when a limit is met.
// Limits of a guest end with an account; those of an account are explained there.

const words = {
  titles: {
    insufficient_credits: "There are not enough credits for this.",
    budget_exceeded: "A budget is used up.",
    rate_limited: "That was a little fast.",
    limit_exceeded: "A limit was reached.",
    queue_full: "Too much is waiting already.",
  },
  guest: "Create an account",
  account: "Credits and budget",
};
const OF_CREDITS = new Set(["insufficient_credits", "budget_exceeded"]);
const OF_GUESTS = new Set(["rate_limited", "limit_exceeded", "not_authenticated"]);

/** The title of a refusal by its code; undefined when it is no limit. */
export const limitTitle = (code) => words.titles[code];

/** The words of the link to the account's place; null when going there would not help. */
export function wayOn({ code }, { guest }) {
  if (guest) return OF_GUESTS.has(code) ? words.guest : null;
  return OF_CREDITS.has(code) ? words.account : null;
}
