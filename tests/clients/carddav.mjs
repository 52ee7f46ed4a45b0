// The address book as people's own programs see it: vdirsyncer carries it to a folder and back, khard shows and edits it there.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** Whether both programs are here. */
export const areHere = () => ['vdirsyncer', 'khard'].every((name) => {
  try { return execFileSync('sh', ['-c', `command -v ${name}`]).length > 0; } catch { return false; }
});

/** Syncs both ways with the demo at `home`, and says what is wrong. */
export async function carddav(home, visitor, work) {
  const faults = [];
  const expect = (is, what) => { if (!is) { faults.push(what); } };
  const key = () => crypto.randomUUID().replaceAll('-', '');
  const folder = path.join(work, 'carddav');
  const book = path.join(folder, 'books', 'customers');
  fs.mkdirSync(book, { recursive: true });
  const made = await (await visitor.post('/account/phone-book', '/account/phone-book', { name: 'vdirsyncer', formKey: key() })).text();
  const password = /hk_[0-9a-f]{64}/.exec(made)[0];
  fs.writeFileSync(path.join(folder, 'vdirsyncer'), `[general]
status_path = "${folder}/status"
[pair phone]
a = "local"
b = "huike"
collections = ["customers"]
conflict_resolution = "b wins"
[storage local]
type = "filesystem"
path = "${folder}/books"
fileext = ".vcf"
[storage huike]
type = "carddav"
url = "${home}/"
username = "admin"
password = "${password}"
`);
  fs.writeFileSync(path.join(folder, 'khard.conf'), `[addressbooks]
[[customers]]
path = ${book}
[general]
default_action = list
editor = true
merge_editor = true
`);
  const env = { ...process.env, VDIRSYNCER_CONFIG: path.join(folder, 'vdirsyncer'), HOME: folder, XDG_CONFIG_HOME: folder, LANG: 'C.UTF-8' };
  const run = (name, args, input = '') => execFileSync(name, args, { env, input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
  const khard = (args, input) => run('khard', ['-c', path.join(folder, 'khard.conf'), ...args], input);
  // Where it refuses one card it says so by its status; what it did stands.
  const sync = () => { try { run('vdirsyncer', ['sync']); return true; } catch (fault) { return String(fault.stderr); } };
  const ask = async (address) => (await visitor.ask(address)).text();
  const cards = () => fs.readdirSync(book).map((name) => path.join(book, name));
  const cardOf = (text) => cards().find((file) => fs.readFileSync(file, 'utf8').includes(text));
  const change = (text, from, to) => { const file = cardOf(text); fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(from, to)); };

  const added = await visitor.post('/customers/new', '/customers/new', { name: 'Ming Teahouse', kind: 'organisation', phone: '0571-85551234', formKey: key(), anyway: 'true' });
  const customer = added.headers.get('location');
  await visitor.post(customer, `${customer}/owner`, { owner: 'admin' });
  run('vdirsyncer', ['discover'], 'y\n'.repeat(5));
  expect(sync() === true, 'the first sync failed');
  expect(khard(['list']).includes('Ming Teahouse'), 'khard does not show what was added in Huike');

  change('Ming Teahouse', '+8657185551234', '+8657185555678');
  expect(sync() === true, 'the change of a number was refused');
  expect((await ask(customer)).includes('8555 5678'), 'Huike does not show the number that was changed in the folder');

  const make = (template) => {
    fs.writeFileSync(path.join(folder, 'new.yaml'), template);
    khard(['new', '-a', 'customers', '-i', path.join(folder, 'new.yaml')]);
  };
  make('First name: Lei\nLast name: Han\nOrganisation: Ming Teahouse\nTitle: Buyer\nPhone :\n    cell : "13912345678"\nEmail :\n    work : lei.han@example.com\n');
  expect(sync() === true && sync() === true, 'a contact made in khard was refused');
  const file = await ask(customer);
  expect(file.includes('Lei Han') && file.includes('139 1234 5678'), 'Huike does not show the contact that was made in khard');
  make('First name: Solo\nLast name: Walker\nPhone :\n    cell : "13912349999"\n');
  expect(sync() === true && sync() === true, 'a person made in khard was refused');
  expect((await ask('/customers?q=Walker')).includes('Solo Walker'), 'Huike does not show the customer that was made in khard');

  const edited = (await ask(`${customer}/edit`));
  const version = /name="version" value="(\d+)"/.exec(edited)[1];
  await visitor.post(`${customer}/edit`, `${customer}/edit`, { name: 'Ming Teahouse West', kind: 'organisation', phone: '0571-85555678', version, formKey: key(), anyway: 'true' });
  change('FN:Ming Teahouse', 'FN:Ming Teahouse', 'FN:Ming Teahouse East');
  sync(); sync();
  expect((await ask(customer)).includes('Ming Teahouse West') && khard(['list']).includes('Ming Teahouse West'), 'of two changes at once Huike\'s did not win, as was agreed');

  fs.rmSync(cardOf('Lei Han') ?? cardOf('Han;Lei'));
  fs.rmSync(cardOf('Walker'));
  expect(sync() === true, 'the removal of a contact was refused');
  expect(!/id="people"[^]*?tel:\+8613912345678/.test(await ask(customer)), 'the contact that was removed in the folder is still on the file');
  expect((await ask('/customers/bin')).includes('Solo Walker'), 'the customer that was removed in the folder is not in the bin');
  const page = await (await visitor.post('/account/tokens', '/account/tokens', { name: 'carddav', days: '1', formKey: key(), scope: 'all' })).text();
  const removed = await fetch(`${home}/api${customer}`, { method: 'DELETE', headers: { authorization: `Bearer ${/hk_[0-9a-f]{64}/.exec(page)[0]}`, 'if-match': '*' } });
  expect(removed.status === 204, `the removal in Huike was answered with ${removed.status}`);
  // It was the last one: vdirsyncer wants to be told that an empty book is meant.
  run('vdirsyncer', ['sync', '--force-delete']);
  expect(cardOf('Ming Teahouse') === undefined, 'the customer that was removed in Huike is still in the folder');
  return faults;
}
