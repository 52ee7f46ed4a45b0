/** After @ colleagues are offered: a list below the text, which keeps the focus. */
let list: HTMLElement | null = null;
let field: HTMLTextAreaElement | null = null;
let asking: AbortController | undefined;
let pause = 0;

/** What stands after the last @ before the caret; null where nobody is being mentioned. */
function begun(text: HTMLTextAreaElement): string | null {
  const before = text.value.slice(0, text.selectionStart);
  return /(?:^|[^A-Za-z0-9._%+-])@([\p{L}\p{N}][\p{L}\p{N}._+-]{0,39})?$/u.exec(before) ? before.slice(before.lastIndexOf('@') + 1) : null;
}

const people = (): HTMLElement[] => [...(list?.querySelectorAll<HTMLElement>('[role=option]') ?? [])];
const chosen = (): HTMLElement | undefined => people().find((person) => person.getAttribute('aria-selected') === 'true');

function close(): void {
  asking?.abort();
  clearTimeout(pause);
  list?.remove();
  list = null;
  field?.removeAttribute('aria-activedescendant');
  field?.removeAttribute('aria-controls');
}

function choose(person: HTMLElement | undefined): void {
  people().forEach((other) => other.setAttribute('aria-selected', String(other === person)));
  person ? field?.setAttribute('aria-activedescendant', person.id) : field?.removeAttribute('aria-activedescendant');
}

async function ask(text: HTMLTextAreaElement, word: string): Promise<void> {
  asking?.abort();
  const mine = (asking = new AbortController());
  try {
    const answer = await fetch(`${text.dataset.mentions}?q=${encodeURIComponent(word)}`, { headers: { 'HX-Request': 'true' }, signal: mine.signal });
    const html = answer.ok && !answer.redirected ? await answer.text() : '';
    if (mine.signal.aborted || document.activeElement !== text) {
      return;
    }
    list ??= document.createElement('div');
    list.className = 'mentions';
    list.innerHTML = html;
    if (people().length === 0) {
      return close();
    }
    field = text;
    text.after(list);
    text.setAttribute('aria-autocomplete', 'list');
    list.querySelector('[role=listbox]')!.id = 'mentions-list';
    text.setAttribute('aria-controls', 'mentions-list');
    choose(people()[0]);
  } catch {
    // Offline or typed on: the text is sent as it is written.
  }
}

function put(person: HTMLElement): void {
  const text = field!;
  const at = text.value.slice(0, text.selectionStart).lastIndexOf('@') + 1;
  text.setRangeText(`${person.dataset.name} `, at, text.selectionStart, 'end');
  close();
  text.focus();
}

document.addEventListener('input', (event) => {
  const text = event.target as HTMLTextAreaElement;
  if (!(text instanceof HTMLTextAreaElement) || text.dataset.mentions === undefined) {
    return;
  }
  const word = begun(text);
  clearTimeout(pause);
  if (word === null) {
    close();
  } else {
    pause = window.setTimeout(() => void ask(text, word), 120);
  }
});

document.addEventListener(
  'keydown',
  (event) => {
    if (!list || event.target !== field || event.isComposing) {
      return;
    }
    const all = people();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const person = chosen();
    if (step !== undefined) {
      choose(all[(all.indexOf(person!) + step + all.length) % all.length]);
    } else if ((event.key === 'Enter' || event.key === 'Tab') && person) {
      put(person);
    } else if (event.key === 'Escape') {
      close();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

document.addEventListener('pointerdown', (event) => {
  const person = (event.target as Element).closest<HTMLElement>('.mentions [role=option]');
  if (person) {
    event.preventDefault();
    put(person);
  }
});

document.addEventListener('focusout', (event) => {
  if (event.target === field) {
    close();
  }
});
