import htmx from './htmx';

const dialog = document.getElementById('palette') as HTMLDialogElement | null;

/** Search over places (here) and records (asked of the server), as a combobox with a list. */
function prepare(palette: HTMLDialogElement): void {
  const input = palette.querySelector('input')!;
  const list = palette.querySelector('#palette-list')!;
  const places = palette.querySelector<HTMLElement>('#palette-places')!;
  const found = palette.querySelector<HTMLElement>('#palette-found')!;
  const none = palette.querySelector<HTMLElement>('.palette-none')!;
  const status = palette.querySelector<HTMLElement>('[role=status]')!;
  let asking: AbortController | undefined;
  let pause = 0;

  const hits = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>('.palette-hit')].filter((hit) => !hit.closest('[hidden]'));
  const chosen = (): HTMLElement | undefined => hits().find((hit) => hit.getAttribute('aria-selected') === 'true');

  function choose(hit: HTMLElement | undefined): void {
    for (const other of list.querySelectorAll('.palette-hit')) {
      other.setAttribute('aria-selected', String(other === hit));
    }
    hit ? input.setAttribute('aria-activedescendant', hit.id) : input.removeAttribute('aria-activedescendant');
    hit?.scrollIntoView({ block: 'nearest' });
  }

  function settle(complete: boolean): void {
    const all = hits();
    none.hidden = all.length > 0 || !complete;
    choose(all[0]);
    if (complete) {
      status.textContent = (status.dataset.text ?? '').replace('{0}', String(all.length));
    }
  }

  async function ask(words: string): Promise<void> {
    asking?.abort();
    const mine = (asking = new AbortController());
    try {
      const answer = await fetch(`${palette.dataset.source}?q=${encodeURIComponent(words)}`, { headers: { 'HX-Request': 'true' }, signal: mine.signal });
      const text = answer.ok && !answer.redirected ? await answer.text() : '';
      if (!mine.signal.aborted) {
        found.innerHTML = text;
        htmx.process(found);
        settle(true);
      }
    } catch {
      if (!mine.signal.aborted) {
        settle(true);
      }
    }
  }

  function search(): void {
    const words = input.value.trim();
    const wanted = words.toLocaleLowerCase();
    for (const hit of places.querySelectorAll<HTMLElement>('.palette-hit')) {
      hit.hidden = !hit.textContent!.toLocaleLowerCase().includes(wanted);
    }
    places.hidden = [...places.querySelectorAll<HTMLElement>('.palette-hit')].every((hit) => hit.hidden);
    clearTimeout(pause);
    if (words === '') {
      asking?.abort();
      found.replaceChildren();
      settle(true);
    } else {
      settle(false);
      pause = window.setTimeout(() => void ask(words), 120);
    }
  }

  input.addEventListener('input', search);
  input.addEventListener('keydown', (event) => {
    const all = hits();
    const at = all.indexOf(chosen()!);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && all.length > 0) {
      event.preventDefault();
      choose(all[(at + step + all.length) % all.length]);
    } else if (event.key === 'Enter' && !event.isComposing) {
      // A word typed in Chinese is confirmed by Enter too: that one isn't meant for us.
      event.preventDefault();
      chosen()?.click();
    }
  });
  list.addEventListener('click', (event) => {
    if ((event.target as Element).closest('.palette-hit')) {
      palette.close();
    }
  });
  new MutationObserver(() => {
    if (palette.open) {
      input.value = '';
      search();
      input.focus();
    }
  }).observe(palette, { attributeFilter: ['open'] });
}

if (dialog) {
  prepare(dialog);
  document.addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      dialog.open ? dialog.close() : dialog.showModal();
    }
  });
}
