// What the command palette offers, and how typed words choose among it.
import { PLACES, go, place } from "./router.js";
import { elsewhere } from "./server.js";
import { freshTalk, goToTasks, wish } from "./shortcuts.js";
import { text } from "./text.js";
import { THEMES, chooseTheme } from "./theme.js";
import { openDialog } from "./ui.js";

const MOST = 40;

/** Entries {key, label, group, icon, run} whose label has every typed word, commands first. */
export function paletteEntries(app, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = ({ label, group }) => words.every((word) => `${group} ${label}`.toLowerCase().includes(word));
  return [...commands(app), ...sessions(app)].filter(matches).slice(0, MOST);
}

function commands(app) {
  const session = place.value === "chat" && app.sessions.find(app.chat.value?.sessionId);
  const command = (icon, label, run) => ({ key: label, group: text.palette.commands, icon, label, run });
  return [
    command("edit", text.sessions.fresh, freshTalk),
    ...PLACES.slice(1).map((name) => command(name, text.places[name], () => go(name))),
    command("arrowUp", text.palette.focusComposer, () => wish("composer")),
    ...(app.tasks.value
      ? [
          command("add", text.palette.focusTasks, goToTasks),
          command("undo", text.tasks.undo, () => app.attempt(() => app.tasks.value.undo())),
        ]
      : []),
    ...(session
      ? [
          command("edit", text.sessions.renameTitle, () => openDialog("rename", { session })),
          command("download", text.sessions.exportMarkdown, () => save(app, app.sessions.exportAddress(session.id, "md"))),
          command("trash", text.sessions.delete, () => app.remove(session)),
        ]
      : []),
    ...THEMES.map((name) => command("wave", text.palette.theme[name], () => chooseTheme(name))),
    command("keyboard", text.shortcuts.show, () => openDialog("shortcuts")),
  ];
}

function sessions(app) {
  return app.sessions.list.value.map(({ id, title }) => ({
    key: id,
    group: text.palette.sessions,
    icon: "list",
    label: title || text.sessions.untitled,
    run: () => go("chat", id),
  }));
}

function save(app, address) {
  if (elsewhere) import("./downloads.js").then(({ download }) => download(address)).catch((error) => app.refused(error));
  else location.assign(address);
}
