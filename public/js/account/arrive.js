// What somebody used is gone (they are in, or out): says so, and moves the focus to the title.
import { announce } from "../announcer.js";

export function arrive(words = "") {
  if (words) announce(words);
  requestAnimationFrame(() => document.querySelector("h1")?.focus());
}
