// The slider: the month in words while it moves, the page when it stops; the button does the same without JavaScript.
const form = document.querySelector("form[data-slide]");
const slider = form?.querySelector("input[type=range]");
if (slider) {
  const words = slider.dataset.words.split("|");
  slider.addEventListener("input", () => {
    form.querySelector("output").value = words[slider.value];
    slider.setAttribute("aria-valuetext", words[slider.value]);
  });
  // Arrow keys change the month step by step: wait for the last step.
  let waiting;
  slider.addEventListener("change", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => form.requestSubmit(), 700);
  });
}
