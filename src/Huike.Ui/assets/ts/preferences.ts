/** Theme changes in place; language reloads the page on which one is (the server draws it anew). */
document.addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement;
  const button = event.submitter as HTMLButtonElement | null;
  if (!form.matches('.preferences') || !button) {
    return;
  }
  // The form was drawn with the first page; parts have been exchanged since.
  form.querySelector<HTMLInputElement>('[data-back]')!.value = location.pathname + location.search;
  if (button.name === 'theme') {
    event.preventDefault();
    const secure = location.protocol === 'https:' ? '; Secure' : '';
    document.cookie = `theme=${button.value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    document.documentElement.dataset.theme = button.value;
    document.querySelector<HTMLMetaElement>('meta[name=color-scheme]')!.content = button.value === 'auto' ? 'light dark' : button.value;
    for (const other of form.querySelectorAll('button[name=theme]')) {
      other.setAttribute('aria-pressed', String(other === button));
    }
  }
});

export {};
