// Lets Wapiti and sqlmap loose on the demo, signed in as its administrator, over HTTPS on a free port of this machine.
// Usage: node scan.mjs <Huike.Web.dll> <folder for everything> [wapiti] [sqlmap]
// The last line of the output is "<passed> <failed>"; a finding, a lost session or a tool that did nothing is a failure.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { freePort, signIn, startDemo } from '../demo.mjs';

const [program, folder, ...tools] = process.argv.slice(2);
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
process.removeAllListeners('warning');

// What each may take, in seconds; together with the demo's start about four minutes at most, on an idle machine three.
const crawlFor = 60;
const attackFor = 30;
const wapitiMost = 170;
const sqlmapMost = 60;
const sqlmapAtOnce = 2;

// Debian's Wapiti 3.0.4 can't read a wildcard with Python 3.11: the flags stand at the wrong end of its expression.
const startWapiti = `import re
import wapitiCore.net.crawler as crawler
crawler.wildcard_translate = lambda pattern: re.compile(".*".join(map(re.escape, pattern.split("*"))) + r"\\Z", re.M | re.S)
from wapitiCore.main.wapiti import wapiti_main
wapiti_main()`;

// Would end the session that is tried, lock it out, or fetch the whole ledger again and again.
const left = ['/sign-out', '/account/sessions/*', '/account/password', '/admin/users/1/*', '/assets/*', '/preferences*', '*/export*'];

// Without what needs a server of its own outside (ssrf, xxe), and what guesses names of files that no program of ours has.
const modules = 'sql,xss,permanentxss,exec,file,crlf,redirect,csrf,cookieflags,http_headers,csp,methods';

// Representative of what takes values from an address: search, sorting, filters, cursors, keys, numbers.
// The values find something: what finds nothing says nothing of what a condition beside it does.
const addresses = [
  '/customers?q=%E6%9D%A8&sort=name',
  '/customers?after=AAAA&q=145',
  '/products?q=P01&missing=cost',
  '/palette?q=%E6%9D%A8',
  '/admin/audit?actor=admin&action=sign-in.done&from=2020-01-01',
  '/admin/users?q=admin&after=a',
  '/value/retention?tier=gold&period=all',
];

// Where forms are.
const forms = ['/customers/1', '/customers/new', '/products/1', '/value/settings', '/admin/users/new', '/admin/sign-in', '/imports/new', '/account'];

// Not faults: a header that browsers no longer know and OWASP advises against; and an attribute that Wapiti reads in capitals only. The cookies are looked at below.
const outdated = [/^X-XSS-Protection is not set$/, /^HttpOnly flag is not set/];

let passed = 0;
let failed = 0;

function verdict(what, faults) {
  faults.length === 0 ? (passed += 1) : (failed += 1);
  console.log(`${faults.length === 0 ? 'passed' : 'FAILED'}: ${what}${faults.map((fault) => `\n  ${fault}`).join('')}`);
}

/** Runs a program to its end, or for so many seconds. */
const run = (file, args, seconds) => new Promise((resolve) => {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder, env: { ...process.env, HOME: folder, PYTHONWARNINGS: 'ignore' } });
  let said = '';
  child.stdout.on('data', (part) => (said += part));
  child.stderr.on('data', (part) => (said += part));
  const patience = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
  child.on('close', (code) => {
    clearTimeout(patience);
    resolve({ code, said });
  });
});

async function start(home) {
  const [certificate, key] = ['certificate.pem', 'key.pem'].map((name) => path.join(folder, name));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  return startDemo(program, folder, home, { HUIKE_Kestrel__Certificates__Default__Path: certificate, HUIKE_Kestrel__Certificates__Default__KeyPath: key });
}

/** @returns {Promise<string>} The cookies of a browser that is signed in. */
async function enter(home) {
  const visitor = await signIn(home);
  const faults = visitor.set.flatMap((cookie) => ['httponly', 'secure', 'samesite'].filter((attribute) => !new RegExp(`; ${attribute}`, 'i').test(cookie)).map((attribute) => `${cookie.split('=')[0]} lacks ${attribute}`));
  verdict('cookies', visitor.size() < 2 ? ['the session is none'] : faults);
  return visitor.cookies();
}

const isSignedIn = async (home, cookie) => (await fetch(`${home}/account`, { redirect: 'manual', headers: { cookie } })).status === 200;

/** The one that has its modules; another may come first in the path. */
function pythonOfWapiti() {
  const script = process.env.PATH.split(path.delimiter).map((place) => path.join(place, 'wapiti')).find((file) => fs.existsSync(file));
  return fs.readFileSync(script, 'utf8').split('\n')[0].replace(/^#!\s*/, '').split(' ')[0];
}

async function wapiti(home, cookie) {
  const report = path.join(folder, 'wapiti.json');
  const { said } = await run(pythonOfWapiti(), [
    '-c', startWapiti, '-u', `${home}/`, '--scope', 'domain', '-m', modules, // It asks for Brotli whether it can read it or not.
    '-H', `Cookie: ${cookie}`, '-H', 'Accept-Encoding: identity', '--verify-ssl', '0', '--no-bugreport', '-f', 'json', '-o', report, '--store-session', path.join(folder, 'session'), '--store-config', path.join(folder, 'config'),
    '-d', '1', '--max-links-per-page', '40', '--max-files-per-dir', '8', '--max-parameters', '15', '-S', 'normal', '-t', '10', '--max-scan-time', String(crawlFor), '--max-attack-time', String(attackFor), '-v', '1',
    ...[...forms, ...addresses].flatMap((address) => ['-s', home + address]), ...left.flatMap((address) => ['-x', home + address]),
  ], wapitiMost);
  fs.writeFileSync(path.join(folder, 'wapiti.log'), said);
  const found = fs.existsSync(report) ? JSON.parse(fs.readFileSync(report, 'utf8')) : null;
  const faults = found === null ? ['no report; see wapiti.log'] : Object.entries({ ...found.vulnerabilities, ...found.anomalies }).flatMap(([kind, list]) => list
    .filter((one) => !outdated.some((pattern) => pattern.test(one.info)))
    .map((one) => `${kind}: ${one.method} ${one.path} ${one.parameter ?? ''} ${one.info}`));
  const seen = Number(/found (\d+) URLs/.exec(said)?.[1] ?? /(\d+) URLs and forms/.exec(said)?.[1] ?? 0);
  const cut = [...said.matchAll(/Max attack time was reached for module (\w+)/g)].map((match) => match[1]);
  const sent = new Set(said.match(/POST https:\S+/g) ?? []).size;
  console.log(`wapiti saw ${seen} pages and forms, ${sent} of them to be sent; out of time: ${cut.join(', ') || 'none'}`);
  if (seen < 40 || sent < 8) {
    faults.push('too little was seen to prove anything');
  }
  verdict(`wapiti, ${modules}`, [...new Set(faults)]);
}

/** @returns {Promise<string[]>} What sqlmap found, or says it could not try. */
async function inject(home, cookie, address, name) {
  const { code, said } = await run('sqlmap', ['-u', home + address, '--batch', '--disable-coloring', `--cookie=${cookie}`, '--level=1', '--risk=1', '--dbms=sqlite', '--technique=BU', '--threads=2', '--timeout=10', '--retries=0', '--flush-session', '--output-dir', path.join(folder, name)], sqlmapMost);
  fs.writeFileSync(path.join(folder, `${name}.log`), said);
  const faults = said.split('\n').filter((line) => /(is vulnerable|injectable \(|appears to be '.*' injectable|is '.*' injectable|identified the following injection)/.test(line));
  const tried = [...said.matchAll(/GET parameter '(\w+)' does not seem to be injectable/g)].map((match) => match[1]);
  const names = [...new URL(home + address).searchParams.keys()];
  if (faults.length === 0 && (code !== 0 || tried.length < names.length)) {
    faults.push(`of ${names.join(', ')} only ${tried.join(', ') || 'none'} were tried to the end; see ${name}.log`);
  }
  return faults;
}

async function sqlmap(home, cookie) {
  const waiting = [...addresses.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [i, address] = next;
      let faults = await inject(home, cookie, address, `sqlmap-${i}`);
      // On a busy machine an answer that comes late looks like another answer; what is there is found again.
      if (faults.length > 0) {
        console.log(`once more: ${address}\n  ${faults.join('\n  ')}`);
        faults = await inject(home, cookie, address, `sqlmap-${i}-again`);
      }
      verdict(`sqlmap ${address}`, faults);
    }
  };
  await Promise.all(Array.from({ length: sqlmapAtOnce }, worker));
}

const home = `https://127.0.0.1:${await freePort()}`;
fs.mkdirSync(folder, { recursive: true });
const demo = await start(home);
try {
  const cookie = await enter(home);
  const begun = Date.now();
  if (tools.includes('sqlmap')) { await sqlmap(home, cookie); }
  console.log(`sqlmap: ${Math.round((Date.now() - begun) / 1000)} s`);
  if (tools.includes('wapiti')) { await wapiti(home, cookie); }
  console.log(`both: ${Math.round((Date.now() - begun) / 1000)} s`);
  verdict('signed in after', await isSignedIn(home, cookie) ? [] : ['the session was lost: what came after was tried from outside only']);
} finally {
  demo.kill();
}
console.log(`${passed} ${failed}`);
