// The demo, started for tests from outside the program, and a browser's cookies for it.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

export const freePort = () => new Promise((resolve) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

/** Starts the demo and waits until it serves; `kill()` what comes back. */
export async function startDemo(program, folder, home, env = {}) {
  const demo = spawn('dotnet', [program, 'demo', '--customers', '200', '--data', path.join(folder, 'data'), '--urls', home], { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder, env: { ...process.env, ...env } });
  const log = fs.createWriteStream(path.join(folder, 'demo.log'));
  demo.stdout.pipe(log);
  demo.stderr.pipe(log);
  for (let i = 0; i < 120; i += 1) {
    if (await fetch(`${home}/health/ready`).then((answer) => answer.ok, () => false)) {
      return demo;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  demo.kill();
  throw new Error(`The demo did not start; see ${folder}/demo.log`);
}

/** A browser that keeps cookies: `ask` for requests, `cookies` as sent, `set` as they came, `post` for forms. */
export function browser(home) {
  const jar = new Map();
  const set = [];
  const ask = async (address, init = {}) => {
    const answer = await fetch(home + address, { redirect: 'manual', ...init, headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '), ...init.headers } });
    for (const cookie of answer.headers.getSetCookie()) {
      set.push(cookie);
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      jar.set(name, value);
    }
    return answer;
  };
  const post = async (page, address, fields) => {
    const token = /name="__RequestVerificationToken"[^>]*value="([^"]+)"/.exec(await (await ask(page)).text())[1];
    return ask(address, { method: 'POST', body: new URLSearchParams({ ...fields, __RequestVerificationToken: token }) });
  };
  return { ask, post, set, cookies: () => [...jar].map(([name, value]) => `${name}=${value}`).join('; '), size: () => jar.size };
}

/** A browser of the demo's administrator. */
export async function signIn(home) {
  const visitor = browser(home);
  await visitor.post('/sign-in', '/sign-in', { name: 'admin', password: 'huike-demo' });
  return visitor;
}
