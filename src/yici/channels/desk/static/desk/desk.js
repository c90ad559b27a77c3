// Keys and choosing rows in the work list; everything works without them too.
for (const opener of document.querySelectorAll("[data-open]"))
  opener.addEventListener("click", () => document.getElementById(opener.dataset.open).showModal());

const rows = [...document.querySelectorAll("[data-row]")];
let here = -1;
const go = (step) => {
  if (!rows.length) return;
  here = Math.min(rows.length - 1, Math.max(0, here + step));
  rows[here].querySelector("a").focus();
};
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.matches("textarea, input[type=text], input:not([type])")) event.target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), textarea, select")) return;
  if (event.key === "j") go(1);
  else if (event.key === "k") go(-1);
  else if (event.key === "x" && here >= 0) rows[here].querySelector("input").click();
});

const form = document.querySelector("[data-batch]");
if (form) {
  const boxes = [...form.querySelectorAll("[name=step]")], told = form.querySelector("[data-chosen]"), first = told.textContent;
  const count = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    boxes.forEach((box) => box.closest("tr").classList.toggle("sel", box.checked));
    told.textContent = chosen ? `${chosen} / ${boxes.length}` : first;
  };
  form.querySelector("[data-all]").addEventListener("change", (event) => { boxes.forEach((box) => { box.checked = event.target.checked; }); count(); });
  boxes.forEach((box) => box.addEventListener("change", count));
}
