// What only an open talk says: about tool calls, approvals and links. Fetched with it, apart from text.js,
// which every first visit needs.
import { count } from "./text.js";

const list = new Intl.ListFormat("en", { style: "long", type: "conjunction" });
const quoted = (titles) => list.format(titles.map((title) => `“${title}”`));

export const talkText = {
  tools: {
    running: (name) => `${humanize(name)}…`,
    group: (number) => count(number, "action", "actions"),
    input: "Given",
    output: "Result",
    failed: (name) => `${humanize(name)} failed`,
    denied: (name) => `You declined: ${humanize(name).toLowerCase()}`,
    done: {
      add_tasks: (titles, number) => (titles.length ? `Added ${quoted(titles)}` : `Added ${count(number, "task", "tasks")}`),
      complete_tasks: (titles, number) => (titles.length ? `Completed ${quoted(titles)}` : `Completed ${count(number, "task", "tasks")}`),
      reopen_tasks: (titles, number) => (titles.length ? `Reopened ${quoted(titles)}` : `Reopened ${count(number, "task", "tasks")}`),
      delete_tasks: (titles, number) => (titles.length ? `Deleted ${quoted(titles)}` : `Deleted ${count(number, "task", "tasks")}`),
      rename_task: (titles) => (titles.length ? `Renamed a task to ${quoted(titles)}` : "Renamed a task"),
      clear_completed: () => "Cleared the completed tasks",
      list_tasks: () => "Looked at the list",
      set_priority: (titles) => (titles.length ? `Changed the priority of ${quoted(titles)}` : "Changed a priority"),
      set_due: (titles) => (titles.length ? `Changed the date of ${quoted(titles)}` : "Changed a due date"),
      set_preference: () => "Changed a setting",
      undo_last_change: () => "Took the last change back",
    },
    fallback: (name) => humanize(name),
  },

  approvals: {
    title: "May I?",
    question: (name) => `Littoral wants to ${humanize(name).toLowerCase()}.`,
    approve: "Allow",
    deny: "Do not allow",
    sending: "Answered, waiting…",
    inbox: (number) => count(number, "approval is waiting", "approvals are waiting"),
    show: "Show",
  },

  links: {
    title: "Leave this page?",
    image: "Open this image?",
    body: "The link was written by the model. It opens on",
    open: "Open in a new tab",
    imageChip: (description) => description || "Image",
    notLoaded: "not loaded",
  },
};

function humanize(name) {
  const words = name.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
