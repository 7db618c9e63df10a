// Leads a person to what has just come: the focus goes to its heading, and all of it into sight as far as it fits.

export function arrive(heading) {
  heading.focus({ preventScroll: true });
  heading.closest("section").scrollIntoView({ block: "nearest" });
}
