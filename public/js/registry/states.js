// What an execution can be, and where one may run. No words (text.js).

const GOING = ["pending", "running"];
const ENDED = ["completed", "failed", "cancelled"];

export const STATUSES = [...GOING, ...ENDED];

/** Hints where an agent may run: "auto", or the platform's names of regions. */
export const LOCATIONS = ["auto", "wnam", "enam", "sam", "weur", "eeur", "apac", "oc", "afr", "me"];

export const hasEnded = (status) => ENDED.includes(status);

/** How a state feels: "busy", "still", "good", "bad" or "over". Colours and marks follow it. */
export const tone = (status) => ({ running: "busy", completed: "good", failed: "bad", cancelled: "over" })[status] ?? "still";

/** The words that an event adds to the answer; "" for every other event. */
export const pieceOf = ({ type, data }) => (type === "execution.output" ? data.text : "");

/** The short name of a model: what follows the last slash. */
export const shortName = (model) => (model ?? "").split("/").at(-1);
