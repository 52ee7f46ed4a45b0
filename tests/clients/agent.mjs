// What an AI agent does with the interface, by the public SDK of the Model Context Protocol.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

async function connect(home, token) {
  const client = new Client({ name: 'huike-agent', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL('/api/mcp', home), { requestInit: { headers: { Authorization: `Bearer ${token}` } } }));
  return client;
}

/** Works with a token that may everything and with one that reads; returns what was otherwise than expected. */
export async function agent(home, whole, reading) {
  const faults = [];
  const expect = (what, is, wanted) => {
    if (is !== wanted) { faults.push(`${what}: ${JSON.stringify(is)} instead of ${JSON.stringify(wanted)}`); }
  };
  const client = await connect(home, whole);
  const call = async (name, args) => client.callTool({ name, arguments: args });
  expect('server', client.getServerVersion().name, 'huike');
  await client.ping();
  const { tools } = await client.listTools();
  expect('tools', tools.some((tool) => tool.name === 'changeCustomer' && tool.annotations.destructiveHint && tool.inputSchema.properties.dryRun.type === 'boolean'), true);

  const added = (await call('addCustomer', { body: { name: '代理 Wilma', kind: 'person' }, idempotencyKey: `agent-${Date.now()}` })).structuredContent;
  expect('listed', (await call('listCustomers', { q: '代理 Wilma', fields: 'id' })).structuredContent.rows[0].id, added.id);
  const { version } = (await call('readCustomer', { id: added.id })).structuredContent;
  const change = (dryRun) => call('changeCustomer', { id: added.id, ifMatch: String(version), dryRun, body: { category: 'agent' } });
  expect('a dry run answers', (await change(true)).structuredContent.category, 'agent');
  expect('a dry run changes nothing', (await call('readCustomer', { id: added.id })).structuredContent.category ?? null, null);
  expect('a write', (await change(false)).structuredContent.category, 'agent');
  const stale = await change(false);
  expect('a late write', `${stale.isError} ${stale.structuredContent.code}`, 'true api.match.stale');

  const reader = await connect(home, reading);
  expect('tools of a reader', (await reader.listTools()).tools.some((tool) => tool.name === 'addCustomer'), false);
  const refused = await reader.callTool({ name: 'addCustomer', arguments: { body: { name: 'no' } } });
  expect('without the scope', `${refused.isError} ${refused.structuredContent.code}`, 'true access.token.scope');
  expect('a stranger', await connect(home, 'hk_none').then(() => 'in', () => 'out'), 'out');
  await Promise.all([client.close(), reader.close()]);
  return faults;
}
