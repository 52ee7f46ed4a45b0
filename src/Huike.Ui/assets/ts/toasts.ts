const region = document.getElementById('toasts');

/** Shows one of the messages that the page carries for its script. */
export function tell(message: 'copied' | 'failed' | 'offline'): void {
  const text = region?.dataset[message];
  if (!region || !text || [...region.children].some((toast) => toast.textContent?.includes(text))) {
    return;
  }
  const toast = document.createElement('div');
  toast.className = message === 'copied' ? 'toast tone-good' : 'toast tone-bad';
  toast.append(Object.assign(document.createElement('span'), { textContent: text }));
  region.append(toast);
}

/** Gives a toast its end: by itself after ten seconds, unless someone is at it, or by its button. */
function mind(toast: HTMLElement): void {
  const dismiss = document.createElement('button');
  dismiss.type = 'button';
  dismiss.className = 'icon-button';
  dismiss.textContent = '×';
  dismiss.setAttribute('aria-label', region!.dataset.dismiss ?? '');
  dismiss.addEventListener('click', () => toast.remove());
  toast.append(dismiss);
  const leave = (): void => {
    toast.matches(':hover, :focus-within') ? void setTimeout(leave, 2_000) : toast.remove();
  };
  setTimeout(leave, 10_000);
}

if (region) {
  new MutationObserver((changes) => {
    for (const added of changes.flatMap((change) => [...change.addedNodes])) {
      if (added instanceof HTMLElement && added.matches('.toast')) {
        mind(added);
      } else if (added instanceof HTMLElement) {
        added.querySelectorAll<HTMLElement>('.toast').forEach(mind);
      }
    }
  }).observe(region, { childList: true });
}
