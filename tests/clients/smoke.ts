// What a program of somebody else's does with the client that a public generator made of docs/openapi.json.
import createClient from 'openapi-fetch';
import type { paths } from './generated/api.js';

export async function smoke(home: string, token: string): Promise<string[]> {
  const faults: string[] = [];
  const expect = (what: string, is: unknown, wanted: unknown): void => {
    if (is !== wanted) { faults.push(`${what}: ${JSON.stringify(is)} instead of ${JSON.stringify(wanted)}`); }
  };
  const api = createClient<paths>({ baseUrl: home, headers: { Authorization: `Bearer ${token}` } });

  const key = `smoke-${Date.now()}`;
  const add = () => api.POST('/api/customers', { params: { header: { 'Idempotency-Key': key } }, body: { name: '接口 Wanda', kind: 'person', place: '杭州' } });
  const added = await add();
  expect('added', added.response.status, 201);
  const customer = added.data!;
  expect('added again', (await add()).data!.id, customer.id);
  const id = customer.id!;

  const found = await api.GET('/api/customers', { params: { query: { q: '接口 Wanda', fields: 'id,name' } } });
  expect('found', found.data!.rows![0]!.name, '接口 Wanda');
  expect('fields', found.data!.rows![0]!.number, undefined);

  const read = await api.GET('/api/customers/{id}', { params: { path: { id } } });
  const version = read.response.headers.get('ETag')!;
  const tried = await api.PATCH('/api/customers/{id}', { params: { path: { id }, header: { 'If-Match': version }, query: { 'dry-run': true } }, body: { category: 'tried' } });
  expect('dry run', tried.data!.category, 'tried');
  const changed = await api.PATCH('/api/customers/{id}', { params: { path: { id }, header: { 'If-Match': version } }, body: { category: 'done' } });
  expect('changed', changed.data!.category, 'done');
  const stale = await api.PATCH('/api/customers/{id}', { params: { path: { id }, header: { 'If-Match': version } }, body: { category: 'late' } });
  expect('stale', stale.error!.code, 'api.match.stale');

  const note = await api.POST('/api/customers/{id}/notes', { params: { path: { id } }, body: { body: 'called' } });
  expect('note', note.data!.body, 'called');
  const step = await api.POST('/api/customers/{id}/next-steps', { params: { path: { id } }, body: { what: 'visit', due: '2030-01-31' } });
  await api.PUT('/api/customers/{id}/next-steps/{step}/done', { params: { path: { id, step: step.data!.id! }, header: { 'If-Match': step.response.headers.get('ETag')! } } });
  expect('step', (await api.GET('/api/customers/{id}/next-steps', { params: { path: { id } } })).data!.rows![0]!.doneAt !== null, true);
  expect('value', (await api.GET('/api/customers/{id}/value', { params: { path: { id } } })).data!.tier, 'none');

  const bytes = new TextEncoder().encode('合同 contract');
  const file = await api.POST('/api/customers/{id}/files', { params: { path: { id }, query: { name: '合同.txt' }, header: { 'Idempotency-Key': `${key}-file` } }, headers: { 'Content-Type': 'application/octet-stream' }, body: bytes as never, bodySerializer: (body) => body });
  expect('file', `${file.response.status} ${file.data?.name}`, '201 合同.txt');
  const path = { id, file: file.data!.id! };
  const content = await api.GET('/api/customers/{id}/files/{file}/content', { params: { path }, parseAs: 'text' });
  expect('its bytes', content.data as unknown, '合同 contract');
  const gone = await api.DELETE('/api/customers/{id}/files/{file}', { params: { path, header: { 'If-Match': `"${file.data!.hash}"` } } });
  expect('file removed', gone.response.status, 204);
  expect('approvals', (await api.GET('/api/approvals', { params: { query: { of: 'asked' } } })).response.status, 200);

  const many = await api.POST('/api/customers/bulk', { body: { atomic: false, operations: [{ op: 'delete', id }, { op: 'delete', id: 999_999_999 }] } });
  expect('many', `${many.data!.done} ${many.data!.failed}`, '1 1');
  expect('in the bin', (await api.GET('/api/customers/{id}', { params: { path: { id } } })).response.status, 410);

  const products = await api.GET('/api/products', { params: { query: { cost: 'none' } } });
  expect('products', products.response.status, 200);
  expect('a stranger', (await createClient<paths>({ baseUrl: home }).GET('/api/products')).response.status, 401);
  return faults;
}
