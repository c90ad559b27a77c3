// Rows that somebody has unfolded stay unfolded when a list is drawn anew: the form says which they are.
document.addEventListener("toggle", (event) => {
  const mark = event.target.querySelector?.(":scope > input[data-unfolded]");
  if (mark) mark.value = event.target.open ? "1" : "";
}, true);

// The title of a row follows its name while somebody types it.
document.addEventListener("input", (event) => {
  const row = event.target.closest?.("details.row"), tongue = document.documentElement.lang === "en" ? "-en" : "";
  if (row && event.target.id === `${row.id}-name${tongue}`) row.querySelector("summary").textContent = event.target.value || "—";
});
