import { on } from './htmx';

/** Marks the places whose address the present one begins with. */
function mark(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-place]')) {
    const path = new URL(link.href).pathname;
    const here = location.pathname;
    const current = here === path || (path !== '/' && here.startsWith(`${path}/`));
    current ? link.setAttribute('aria-current', 'page') : link.removeAttribute('aria-current');
  }
}

on('htmx:after:swap', ({ target, request }) => {
  if (target?.id !== 'main') {
    return;
  }
  mark();
  const main = document.getElementById('main')!;
  if (!request.anchor && request.headers['HX-History-Restore-Request'] === undefined) {
    window.scrollTo(0, 0);
    if (!main.contains(document.activeElement)) {
      main.focus({ preventScroll: true });
    }
  }
});
