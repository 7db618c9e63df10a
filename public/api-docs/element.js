// Makes DOM elements. Text is set as text: nothing here ever becomes HTML.

/** An element with attributes and children; strings become text, `null` and `undefined` are left out. */
export function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value !== undefined && value !== null) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

/** Text in which `words between backticks` become code. */
export function prose(text) {
  return text.split("`").map((part, place) => (place % 2 ? element("code", null, part) : part));
}
