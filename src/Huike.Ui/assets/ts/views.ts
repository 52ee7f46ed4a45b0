/** Lists that are changed where they stand: Escape gives a cell up; a card is moved by dragging it into another column, as its own form does. */

let dragged: HTMLElement | null = null;

document.addEventListener('keydown', (event) => {
  const form = (event.target as Element).closest?.('form[data-cell]');
  if (form && event.key === 'Escape' && !event.isComposing) {
    event.preventDefault();
    form.querySelector<HTMLElement>('[data-cancel]')?.click();
  }
});

document.addEventListener('dragstart', (event) => {
  dragged = (event.target as Element).closest?.<HTMLElement>('.board-card[draggable]') ?? null;
});

document.addEventListener('dragover', (event) => {
  if (dragged && (event.target as Element).closest?.('.board-column[data-value]:not([data-value=""])')) {
    event.preventDefault();
  }
});

document.addEventListener('drop', (event) => {
  const column = (event.target as Element).closest?.<HTMLElement>('.board-column[data-value]:not([data-value=""])');
  const form = dragged?.querySelector('form');
  const chosen = form?.querySelector('select');
  dragged = null;
  if (column && form && chosen && chosen.value !== column.dataset.value) {
    event.preventDefault();
    chosen.value = column.dataset.value!;
    form.requestSubmit();
  }
});

export {};
