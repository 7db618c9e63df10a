// Applies the chosen theme before the first paint. A classic script in the head, because a module
// would run too late. theme.js owns the choice.
try {
  const chosen = localStorage.getItem("littoral.theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // blocked storage: the system's theme is used
}
