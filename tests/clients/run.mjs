// Makes a client of docs/openapi.json by a public generator, compiles a program that uses it, and lets it and an agent (by the public SDK of MCP) loose on the demo;
// verifies what the demo tells a webhook with the public library of Standard Webhooks, and syncs its address book with vdirsyncer and khard.
// Usage: node run.mjs <Huike.Web.dll> <folder for everything>; the last line is "<passed> <failed>".
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { freePort, signIn, startDemo } from '../demo.mjs';
import { areHere, carddav } from './carddav.mjs';
import { webhooks } from './webhooks.mjs';

const [program, folder] = process.argv.slice(2);
const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const work = path.join(folder, 'client');
fs.mkdirSync(path.join(work, 'generated'), { recursive: true });
for (const file of ['package.json', 'package-lock.json', '.npmrc', 'tsconfig.json', 'smoke.ts', 'agent.mjs']) { fs.copyFileSync(path.join(here, file), path.join(work, file)); }
const run = (file, ...args) => execFileSync(file, args, { cwd: work, stdio: ['ignore', 'pipe', 'inherit'] });

let [passed, failed] = [0, 0];
const verdict = (what, faults) => {
  faults.length === 0 ? (passed += 1) : (failed += 1);
  console.log(`${faults.length === 0 ? 'passed' : 'FAILED'}: ${what}${faults.map((fault) => `\n  ${fault}`).join('')}`);
};
const attempt = async (what, work) => {
  try {
    verdict(what, (await work()) ?? []);
    return true;
  } catch (fault) {
    verdict(what, [String(fault.stdout ?? '').slice(0, 2_000) || String(fault)]);
    return false;
  }
};

const token = async (home, scope) => {
  const page = await (await (await signIn(home)).post('/account/tokens', '/account/tokens', { name: 'smoke', days: '1', formKey: crypto.randomUUID().replaceAll('-', ''), scope })).text();
  return /hk_[0-9a-f]{64}/.exec(page)[0];
};

run('npm', 'ci', '--no-audit', '--no-fund', '--silent');
const isMade = await attempt('the client is generated and compiles', () => {
  run('npx', '--no-install', 'openapi-typescript', path.join(here, '../../docs/openapi.json'), '-o', 'generated/api.ts');
  run('npx', '--no-install', 'tsc', '--noEmit', 'false');
});
const home = `http://127.0.0.1:${await freePort()}`;
const demo = await startDemo(program, folder, home, { HUIKE_Webhooks__Allowed: '127.0.0.1' });
try {
  const visitor = await signIn(home);
  if (isMade) {
    await attempt('the client works', async () => {
      return (await import(pathToFileURL(path.join(work, 'smoke.js')))).smoke(home, await token(home, 'all'));
    });
    await attempt('an agent works', async () => {
      return (await import(pathToFileURL(path.join(work, 'agent.mjs')))).agent(home, await token(home, 'all'), await token(home, 'read'));
    });
  }
  if (areHere()) { await attempt('vdirsyncer and khard sync both ways', () => carddav(home, visitor, work)); }
  else { console.log('skipped: vdirsyncer and khard are not here'); }
  await attempt('messages of webhooks pass the public library', () => webhooks(home, visitor, work));
} finally {
  demo.kill();
}
console.log(`${passed} ${failed}`);
