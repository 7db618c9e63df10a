// Which dialog is open, by its name in ui.js. One at a time.
import { html } from "../lib.js";
import { closeDialog, dialog } from "../ui.js";
import { LinkDialog } from "./link_dialog.js";
import { Palette } from "./palette.js";
import { RenameDialog } from "./rename_dialog.js";
import { ShortcutsDialog } from "./shortcuts_dialog.js";

const DIALOGS = { link: LinkDialog, palette: Palette, rename: RenameDialog, shortcuts: ShortcutsDialog };

export function Dialogs({ app }) {
  if (!dialog.value) return null;
  const { name, ...values } = dialog.value;
  return html`<${DIALOGS[name]} key=${name} app=${app} onClose=${closeDialog} ...${values} />`;
}
