// A receiver as somebody else would write it: it verifies what the demo sends with the public library of Standard Webhooks.
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Adds a webhook to the demo at `home`, lets things happen, and says what is wrong with what arrived. `work` is the folder of the installed packages. */
export async function webhooks(home, visitor, work) {
  const { Webhook } = createRequire(path.join(work, 'package.json'))('standardwebhooks');
  const arrived = [];
  let status = 500;
  const receiver = http.createServer(async (request, answer) => {
    const parts = [];
    for await (const part of request) { parts.push(part); }
    arrived.push({ headers: request.headers, body: Buffer.concat(parts).toString('utf8') });
    answer.writeHead(status).end();
    status = 204;
  });
  await new Promise((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  try {
    const faults = [];
    const events = 'customers.noted';
    const page = await visitor.post('/admin/webhooks/new', '/admin/webhooks/new', { url: `http://127.0.0.1:${receiver.address().port}/`, description: 'npm', formKey: crypto.randomUUID().replaceAll('-', ''), event: events });
    const html = await page.text();
    const secret = /value="(whsec_[^"]+)"/.exec(html)[1].replaceAll('&#x2B;', '+').replaceAll('&#43;', '+');
    const address = /\/admin\/webhooks\/\d+/.exec(/action="([^"]+)\/test"/.exec(html)[1])[0];
    await visitor.post(address, `${address}/test`, { confirm: 'true' });
    await visitor.post('/customers/1', '/customers/1/notes', { body: 'told to the hook', formKey: crypto.randomUUID().replaceAll('-', '') });
    // The first is refused once, and comes again after some seconds.
    for (let i = 0; i < 150 && arrived.length < 3; i += 1) { await new Promise((resolve) => setTimeout(resolve, 200)); }
    if (arrived.length !== 3) { faults.push(`${arrived.length} messages instead of 3`); }
    const hook = new Webhook(secret);
    for (const { headers, body } of arrived) {
      const message = hook.verify(body, headers);
      if (!['webhooks.test', 'customers.noted'].includes(message.type)) { faults.push(`an unknown message ${body}`); }
      if (body.includes('told')) { faults.push(`the message holds what was noted: ${body}`); }
      let isForged = true;
      try { hook.verify(body.replace('}', ' }'), headers); } catch { isForged = false; }
      if (isForged) { faults.push('a changed message passes'); }
    }
    if (new Set(arrived.map((one) => one.headers['webhook-id'])).size !== 2) { faults.push('the second try has another number than the first'); }
    return faults;
  } finally {
    receiver.closeAllConnections();
    receiver.close();
  }
}
