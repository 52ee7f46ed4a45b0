// Rows that are ticked for something that is done to many: with shift from one to another, or the whole page.
const boxes = (form: HTMLFormElement) => [...document.querySelectorAll<HTMLInputElement>(`input[type=checkbox][name=id][form="${form.id}"]`)];
const bulk = () => document.querySelector<HTMLFormElement>('form[data-bulk]');
let last: HTMLInputElement | undefined;

function tell(form: HTMLFormElement) {
  const all = boxes(form);
  const chosen = all.filter(box => box.checked).length;
  const count = form.querySelector('[data-bulk-count]');
  if (count) { count.textContent = String(chosen); }
  const page = form.querySelector<HTMLInputElement>('[data-bulk-page]');
  if (page) {
    page.checked = chosen > 0 && chosen === all.length;
    page.indeterminate = chosen > 0 && chosen < all.length;
  }
}

document.addEventListener('click', event => {
  const form = bulk();
  const target = event.target;
  if (!form || !(target instanceof HTMLInputElement)) { return; }
  if (target.matches('[data-bulk-page]')) {
    for (const box of boxes(form)) { box.checked = target.checked; }
  } else if (target.getAttribute('form') === form.id) {
    const all = boxes(form);
    if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(target)].sort((a, b) => a - b);
      for (const box of all.slice(from, to + 1)) { box.checked = target.checked; }
    }
    last = target;
  } else {
    return;
  }
  tell(form);
});
