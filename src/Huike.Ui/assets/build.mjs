// Builds the style sheet, script, icon sprite and font into a folder, each with its compressed twins.
// Usage: node build.mjs <out folder> <npm stamp file>
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';

const here = path.dirname(fileURLToPath(import.meta.url));
const project = path.dirname(here);
const modules = path.join(project, 'node_modules');
const [out, stamp] = process.argv.slice(2).map((argument) => path.resolve(argument));

// Debug and Release may build at once: only one may rewrite node_modules.
function locked(work) {
  const lock = `${stamp}.lock`;
  const patience = Date.now() + 300_000;
  fs.mkdirSync(path.dirname(stamp), { recursive: true });
  for (;;) {
    try {
      fs.mkdirSync(lock);
      break;
    } catch {
      const since = fs.statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
      if (Date.now() - since > 240_000) {
        fs.rmSync(lock, { recursive: true, force: true });
      } else if (Date.now() > patience) {
        throw new Error(`Another build holds ${lock}; remove it if none runs.`);
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
  try {
    work();
  } finally {
    fs.rmSync(lock, { recursive: true, force: true });
  }
}

function install() {
  const wanted = createHash('sha256').update(fs.readFileSync(path.join(project, 'package-lock.json'))).digest('hex');
  if (fs.existsSync(modules) && fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) {
    return;
  }
  const windows = process.platform === 'win32';
  try {
    execFileSync(windows ? 'npm.cmd' : 'npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], { cwd: project, stdio: ['ignore', 'ignore', 'inherit'], shell: windows });
  } catch (cause) {
    throw new Error('`npm ci` in src/Huike.Ui failed. Is npm installed and the package registry reachable?', { cause });
  }
  fs.writeFileSync(stamp, wanted);
}

function sprite() {
  const names = fs.readFileSync(path.join(here, 'icons.txt'), 'utf8').split('\n').map((line) => line.trim()).filter((line) => line !== '');
  const symbols = names.map((name) => {
    const file = path.join(modules, 'lucide-static/icons', `${name}.svg`);
    if (!fs.existsSync(file)) {
      throw new Error(`assets/icons.txt names "${name}", which lucide-static does not have.`);
    }
    const inner = fs.readFileSync(file, 'utf8').replace(/^[\s\S]*?<svg[^>]*>/, '').replace('</svg>', '');
    return `<symbol id="${name}" viewBox="0 0 24 24">${inner.replace(/\s*\n\s*/g, '')}</symbol>`;
  });
  return `<!-- Icons: lucide-static, ISC licence --><svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`;
}

async function bundle() {
  const { build } = await import('esbuild');
  const shared = { bundle: true, minify: true, legalComments: 'none', logLevel: 'warning', outdir: out, absWorkingDir: project };
  await build({ ...shared, entryPoints: { app: 'assets/ts/app.ts' }, format: 'iife', target: 'es2022' });
  await build({ ...shared, entryPoints: { app: 'assets/css/app.css' }, external: ['*.woff2'], target: ['chrome123', 'firefox125', 'safari17.5'] });
}

locked(install);
fs.mkdirSync(out, { recursive: true });
await bundle();
fs.writeFileSync(path.join(out, 'icons.svg'), sprite());
fs.copyFileSync(path.join(modules, '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2'), path.join(out, 'inter.woff2'));
fs.copyFileSync(path.join(here, 'mark.svg'), path.join(out, 'mark.svg'));
for (const name of ['app.css', 'app.js', 'icons.svg', 'mark.svg']) {
  const bytes = fs.readFileSync(path.join(out, name));
  fs.writeFileSync(path.join(out, `${name}.br`), zlib.brotliCompressSync(bytes));
  fs.writeFileSync(path.join(out, `${name}.gz`), zlib.gzipSync(bytes, { level: 9 }));
}
