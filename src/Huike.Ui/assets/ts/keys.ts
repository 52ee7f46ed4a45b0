// When g was pressed last. Not 0: a page younger than the pause would take every key for the second one.
let going = -Infinity;

/** Moves the focus to the next or previous row of the list. */
function walk(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('table[data-rows] tbody .row-link')];
  const at = rows.findIndex((row) => row.closest('tr')!.contains(document.activeElement));
  const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step))];
  next?.focus();
  next?.closest('tr')?.scrollIntoView({ block: 'nearest' });
}

function press(key: string): boolean {
  if (performance.now() - going < 1_500) {
    going = -Infinity;
    const link = document.querySelector<HTMLElement>(`a[data-go="${CSS.escape(key)}"]`);
    link?.click();
    return link !== null;
  }
  switch (key) {
    case 'g':
      going = performance.now();
      return true;
    case 'j':
      walk(1);
      return true;
    case 'k':
      walk(-1);
      return true;
    case 'e':
      document.querySelector<HTMLElement>('#main [data-edit]')?.click();
      return true;
    case '/':
      document.querySelector<HTMLInputElement>('[data-list-search]')?.focus();
      return true;
    case '?':
      (document.getElementById('shortcuts') as HTMLDialogElement | null)?.showModal();
      return true;
    default:
      return false;
  }
}

document.addEventListener('keydown', (event) => {
  const target = event.target as Element;
  const typing = target.closest('input, textarea, select, [contenteditable]') !== null;
  const busy = event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector('dialog[open]') !== null;
  if (!typing && !busy && press(event.key)) {
    event.preventDefault();
  }
});

export {};
