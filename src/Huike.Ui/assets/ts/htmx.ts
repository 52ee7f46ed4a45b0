import htmx from 'htmx.org';

/** What this product reads of the context that htmx hands to its events. */
export interface Exchange {
  sourceElement: Element;
  target?: Element;
  push?: string | null;
  request: { action: string; method: string; anchor?: string; headers: Record<string, string>; body: FormData | null };
  response?: { status: number };
  text?: string;
}

/** Listens to one of htmx's events; returning false from the handler stops what htmx was about to do. */
export function on(event: string, handle: (exchange: Exchange) => boolean | void): void {
  document.addEventListener(event, (raised) => {
    const exchange = (raised as CustomEvent<{ ctx?: Exchange }>).detail?.ctx;
    if (exchange && handle(exchange) === false) {
      raised.preventDefault();
    }
  });
}

export default htmx;
