import htmx, { on } from './htmx';

/** A page is quiet for a moment before it looks on: who passes through opens no stream, and what happens meanwhile comes with `since`. */
const settle = 800;
const restAfter = 20_000;
const again = 15_000;
const asksItself = '.progress, .bell';

let source: EventSource | null = null;
let watched = '';
let last = '';
let opening = 0;
let resting = 0;
let asking = false;
let stale = false;

const all = (selector: string): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(selector)];

/** What the page wants to hear of, each once. */
const wanted = (): string => [...new Set(all('[data-live]').map((element) => element.dataset.live ?? ''))].sort().join(' ');

function close(): void {
  source?.close();
  source = null;
  watched = '';
}

/** One stream for the whole page: it is opened anew only where the page watches something else. */
function open(): void {
  const topics = wanted();
  if (topics === watched && source) {
    return;
  }
  close();
  if (topics === '' || document.hidden) {
    return;
  }
  watched = topics;
  const address = new URL('/live', location.href);
  topics.split(' ').forEach((topic) => address.searchParams.append('watch', topic));
  const since = last || (all('[data-live-since]')[0]?.dataset.liveSince ?? '');
  if (since !== '') {
    address.searchParams.set('since', since);
  }
  source = new EventSource(address);
  source.addEventListener('hello', (hello) => {
    last = (hello as MessageEvent).lastEventId || last;
    hear((topic) => topic === 'jobs' || topic === 'notices' || topic.startsWith('job/'));
  });
  source.addEventListener('reset', () => hear(() => true));
  source.addEventListener('change', (change) => {
    const { data, lastEventId } = change as MessageEvent<string>;
    last = lastEventId || last;
    const { topic } = JSON.parse(data) as { topic: string };
    hear((other) => other === topic);
  });
  source.addEventListener('error', () => {
    // A broken line is taken up again by the browser; one that was refused is not.
    if (source?.readyState === EventSource.CLOSED) {
      close();
      later(again);
      void refresh();
    }
  });
}

function later(pause: number): void {
  clearTimeout(opening);
  opening = window.setTimeout(open, pause);
}

/** Parts that know how to ask for themselves are told; for the others the page is asked for once. */
function hear(of: (topic: string) => boolean): void {
  const touched = all('[data-live]').filter((element) => of(element.dataset.live ?? ''));
  touched.filter((element) => element.matches(asksItself)).forEach((element) => element.dispatchEvent(new Event('live')));
  if (touched.some((element) => !element.matches(asksItself))) {
    void refresh();
  }
}

async function refresh(): Promise<void> {
  stale = true;
  if (asking || all('[data-live-part], [data-live-list]').length === 0) {
    return;
  }
  asking = true;
  try {
    while (stale) {
      stale = false;
      const here = location.href;
      const answer = await fetch(here, { headers: { 'HX-Request': 'true' } });
      // Who is no longer signed in, or no longer may, keeps the page as it is.
      if (!answer.ok || answer.redirected || answer.headers.has('HX-Redirect')) {
        return close();
      }
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
      if (here === location.href) {
        show(fresh);
      }
    }
  } catch {
    // Offline: the stream comes back by itself, and with it what was missed.
  } finally {
    asking = false;
  }
}

function show(fresh: Document): void {
  let changed = false;
  for (const part of all('[data-live-part]')) {
    const now = fresh.querySelector<HTMLElement>(`[data-live-part="${part.dataset.livePart}"]`);
    if (now && said(now) !== said(part)) {
      if (part.contains(document.activeElement)) {
        // Nothing is taken away under somebody's fingers.
        part.addEventListener('focusout', () => void refresh(), { once: true });
      } else {
        part.replaceChildren(...now.childNodes);
        htmx.process(part);
        changed = true;
      }
    }
  }
  for (const list of all('[data-live-list]')) {
    const now = fresh.querySelector<HTMLElement>(`[data-live-list="${list.dataset.liveList}"]`);
    changed = (now !== null && merge(list, now)) || changed;
  }
  if (changed) {
    all('[data-live-news]').forEach((region) => {
      region.textContent = '';
      setTimeout(() => (region.textContent = region.dataset.liveNews ?? ''), 100);
    });
  }
}

/** What a person reads of it: keys and tokens differ each time. */
const said = (element: Element): string => (element.textContent ?? '').replace(/\s+/g, ' ').trim();

const moment = (entry: Element): string => entry.querySelector('time')?.dateTime ?? '';

const key = (entry: Element): string => `${moment(entry)} ${entry.querySelector('strong')?.textContent ?? ''}`;

/** Puts new entries before those that are there, which stay as they are: opened, or brought by "more". */
function merge(list: HTMLElement, now: HTMLElement): boolean {
  const known = new Set([...list.children].map(key));
  const oldest = [...now.children].map(moment).filter((at) => at !== '').pop() ?? '';
  const added = [...now.children].filter((entry) => moment(entry) !== '' && !known.has(key(entry)));
  for (const entry of added) {
    const next = [...list.children].find((other) => moment(other) < moment(entry) && moment(other) !== '');
    list.insertBefore(entry, next ?? [...list.children].find((other) => moment(other) === '') ?? null);
    htmx.process(entry);
  }
  const kept = new Set([...now.children, ...added].map(key));
  const gone = [...list.children].filter((entry) => moment(entry) !== '' && moment(entry) >= oldest && !kept.has(key(entry)) && !entry.contains(document.activeElement));
  gone.forEach((entry) => entry.remove());
  return added.length + gone.length > 0;
}

document.addEventListener('visibilitychange', () => {
  clearTimeout(resting);
  if (document.hidden) {
    resting = window.setTimeout(close, restAfter);
  } else {
    open();
  }
});

on('htmx:after:swap', ({ target }) => {
  if (target?.id === 'main') {
    last = '';
    later(settle);
  } else if (wanted() !== watched) {
    later(settle);
  }
});

later(settle);
