// Which dialog is open, by its name in ui.js. One at a time, each fetched when it is first opened.
import { html } from "../lib.js";
import { closeDialog, dialog } from "../ui.js";
import { lazy } from "./lazy.js";

const DIALOGS = {
  link: lazy(async () => (await import("./link_dialog.js")).LinkDialog),
  palette: lazy(async () => (await import("./palette.js")).Palette),
  rename: lazy(async () => (await import("./rename_dialog.js")).RenameDialog),
  shortcuts: lazy(async () => (await import("./shortcuts_dialog.js")).ShortcutsDialog),
};

export function Dialogs({ app }) {
  if (!dialog.value) return null;
  const { name, ...values } = dialog.value;
  return html`<${DIALOGS[name]} key=${name} app=${app} onClose=${closeDialog} ...${values} />`;
}
