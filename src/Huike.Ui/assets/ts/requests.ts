import { on } from './htmx';
import { tell } from './toasts';

const token = document.querySelector<HTMLMetaElement>('meta[name=antiforgery]')?.content ?? '';
const bar = document.createElement('div');
bar.className = 'loading-bar';
document.body.append(bar);
let open = 0;

on('htmx:config:request', ({ request }) => {
  if (request.method !== 'GET') {
    request.headers['X-Antiforgery'] = token;
    return;
  }
  // An address carries only what was filled in.
  if (request.body) {
    for (const name of new Set(request.body.keys())) {
      const filled = request.body.getAll(name).filter((value) => value !== '');
      request.body.delete(name);
      filled.forEach((value) => request.body!.append(name, value));
    }
  }
});

/** What asks by itself must not look like a page that is loading. */
const isQuiet = (element: Element): boolean => /^(every|live)/.test(element.getAttribute('hx-trigger') ?? '');

on('htmx:before:request', ({ sourceElement }) => {
  if (!isQuiet(sourceElement)) {
    open += 1;
    bar.classList.add('busy');
  }
});

on('htmx:finally:request', ({ sourceElement }) => {
  if (!isQuiet(sourceElement)) {
    open = Math.max(0, open - 1);
    bar.classList.toggle('busy', open > 0);
  }
});

// A page of error fills the page; it must not fill a cell or a list.
on('htmx:before:swap', ({ response, target }) => {
  const status = response?.status ?? 200;
  if (status >= 400 && status !== 422 && target?.id !== 'main') {
    tell('failed');
    return false;
  }
});

on('htmx:error', ({ response }) => {
  if (!response) {
    tell('offline');
  }
});
