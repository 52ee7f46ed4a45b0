import { on } from './htmx';

/** Passkeys: a form with `data-passkey` asks the browser for a credential by its `data-options` and sends it along. */
const stale = 50 * 60_000;
const opened = Date.now();
// A passkey is bound to a name: browsers make none for an address of numbers.
const numbers = /^[\d.]+$|^\[/.test(location.hostname);
const able = !numbers && typeof PublicKeyCredential === 'function' && 'parseRequestOptionsFromJSON' in PublicKeyCredential;
let waiting: AbortController | undefined;

function forms(kind: 'get' | 'create'): NodeListOf<HTMLFormElement> {
  return document.querySelectorAll<HTMLFormElement>(`form[data-passkey=${kind}]`);
}

async function ask(form: HTMLFormElement, mediation: CredentialMediationRequirement): Promise<void> {
  waiting?.abort();
  const { signal } = (waiting = new AbortController());
  const options = JSON.parse(form.dataset.options!);
  const credential = form.dataset.passkey === 'create'
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options), signal })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options), mediation, signal });
  form.querySelector<HTMLInputElement>('input[name=credential]')!.value = JSON.stringify(credential);
  form.submit();
}

document.addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement;
  if (!form.matches('[data-passkey]')) {
    return;
  }
  event.preventDefault();
  const failed = form.querySelector<HTMLElement>('[data-passkey-failed]')!;
  failed.hidden = true;
  ask(form, 'optional').catch(() => {
    failed.hidden = false;
  });
}, true);

/** Shows what the browser can do; where a name is asked for, its own list offers the passkeys too. */
async function prepare(): Promise<void> {
  for (const note of document.querySelectorAll<HTMLElement>('[data-passkey-unable]')) {
    note.hidden = able;
  }
  const form = forms('get')[0];
  if (!able || !form) {
    return;
  }
  form.hidden = false;
  if (await PublicKeyCredential.isConditionalMediationAvailable?.()) {
    // Nobody chose a passkey: the page goes on as it is.
    ask(form, 'conditional').catch(() => {});
  }
}

document.addEventListener('visibilitychange', () => {
  const form = forms('get')[0];
  const name = document.querySelector<HTMLInputElement>('input[autocomplete~=webauthn]');
  if (form && document.visibilityState === 'visible' && name?.value === '' && Date.now() - opened > stale) {
    location.replace(`/sign-in?returnUrl=${encodeURIComponent(form.querySelector<HTMLInputElement>('[name=returnUrl]')!.value)}`);
  }
});

on('htmx:after:swap', () => void prepare());
void prepare();
