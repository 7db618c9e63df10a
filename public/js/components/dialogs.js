// Which dialog is open, by its name in ui.js. One at a time, most fetched when first opened.
import { html } from "../lib.js";
import { closeDialog, dialog } from "../ui.js";
import { lazy } from "./lazy.js";
import { Palette } from "./palette.js";

const DIALOGS = {
  link: lazy(async () => (await import("./link_dialog.js")).LinkDialog),
  palette: Palette, // here from the start: who opens it types on at once
  rename: lazy(async () => (await import("./rename_dialog.js")).RenameDialog),
  shortcuts: lazy(async () => (await import("./shortcuts_dialog.js")).ShortcutsDialog),
};

export function Dialogs({ app }) {
  if (!dialog.value) return null;
  const { name, ...values } = dialog.value;
  return html`<${DIALOGS[name]} key=${name} app=${app} onClose=${closeDialog} ...${values} />`;
}
