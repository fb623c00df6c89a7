// Loaded before the first paint, so that a stored choice never flashes the other theme. A file, not an
// inline script, because the content security policy allows none.
try {
  const theme = localStorage.getItem("pulseboard.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage can be switched off; the system's preference then decides.
}
