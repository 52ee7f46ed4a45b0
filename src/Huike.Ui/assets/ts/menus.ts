/** Menus are `details` that close like menus; dialogs open by `data-open` and close by `data-close`; `data-copy` copies its text. */

import { tell } from './toasts';

function closeMenus(except?: Element | null): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('details.menu[open]')) {
    if (menu !== except) {
      menu.open = false;
    }
  }
}

document.addEventListener('click', (event) => {
  const target = event.target as Element;
  const menu = target.closest('details.menu');
  closeMenus(menu);
  if (menu && target.closest('a.menu-item, button.menu-item')) {
    closeMenus();
  }
  const opener = target.closest<HTMLElement>('[data-open]');
  const dialog = opener && document.getElementById(opener.dataset.open!);
  if (dialog instanceof HTMLDialogElement) {
    event.preventDefault();
    dialog.showModal();
  }
  const copied = target.closest<HTMLElement>('[data-copy]')?.dataset.copy;
  if (copied !== undefined) {
    void navigator.clipboard?.writeText(copied).then(() => tell('copied'));
  }
  const closer = target.closest('[data-close]');
  closer?.closest('dialog')?.close();
  // Where `closedby` isn't known yet, a click on the backdrop closes too.
  if (target instanceof HTMLDialogElement && target.open && target.getAttribute('closedby') === 'any') {
    const box = target.getBoundingClientRect();
    if (event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom) {
      target.close();
    }
  }
}, true);

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    const menu = document.querySelector<HTMLDetailsElement>('details.menu[open]');
    closeMenus();
    menu?.querySelector('summary')?.focus();
  }
});
