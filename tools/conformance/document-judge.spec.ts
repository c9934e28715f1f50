import { DocumentJudge } from './document-judge.ts';

/** Contradicts itself where the published document does. */
const DOCUMENT = `
openapi: 3.0.0
info: { version: 1.4.99 }
paths:
  /symbol_info:
    get: &symbols
      responses:
        '200':
          content:
            application/json:
              schema:
                oneOf:
                  - allOf: [{ $ref: '#/components/schemas/Success' }, { $ref: '#/components/schemas/Columns' }]
                  - $ref: '#/components/schemas/Error'
  /accounts/{accountId}/orders/{orderId}:
    delete:
      responses:
        '200':
          content:
            application/json:
              schema:
                oneOf:
                  - $ref: '#/components/schemas/Success'
                  - type: object
                    properties: { s: { type: string } }
                  - $ref: '#/components/schemas/Error'
                    additionalProperties: false
  /mapping:
    get:
      responses:
        '200': { content: { application/json: { schema: { $ref: '#/components/schemas/Mapping' } } } }
components:
  schemas:
    Success: { type: object, properties: { s: { type: string, enum: [ok] } }, required: [s], additionalProperties: false }
    Error:
      type: object
      properties: { s: { type: string, enum: [error] }, errmsg: { type: string } }
      required: [s, errmsg]
      additionalProperties: false
    Mapping: { type: object, properties: { symbols: { type: array } }, required: [symbols], additionalProperties: false }
    Columns:
      type: object
      properties:
        symbol: { type: array, items: { type: string } }
        pricescale: { type: array, items: { type: number } }
        typespecs: { type: array, items: { type: string, enum: [cfd, crypto] } }
        volume-type: { type: array, items: { type: string, enum: [tick] } }
      required: [symbol, pricescale]
`.replaceAll('\n', '\r\n');

const judge = DocumentJudge.read(DOCUMENT);
const columns = { s: 'ok', symbol: ['A'], pricescale: [100], typespecs: ['crypto,cfd'], 'volume-type': [null] };

it('takes what a document that contradicts itself means', () => {
  expect(judge.version).toBe('1.4.99');
  expect(judge.faults('getSymbolInfo', columns)).toEqual([]);
  expect(judge.faults('cancelOrder', { s: 'ok' })).toEqual([]);
  expect(judge.faults('cancelOrder', { s: 'error', errmsg: 'Too late' })).toEqual([]);
});

it('finds what is wrong, and says nothing of the failure that it might have been', () => {
  const faults = judge.faults('getSymbolInfo', { ...columns, symbol: [null] });
  expect(faults).toEqual([{ expected: 'symbol/0: must be string', got: 'null' }]);
  expect(judge.faults('getSymbolInfo', { s: 'error', errmsg: null })).not.toEqual([]);
  expect(judge.faults('getMapping', { symbols: [], more: 1 })).toMatchObject([
    { expected: 'the answer: no field "more"' },
  ]);
});

it('says nothing of what the document does not have', () => {
  expect(judge.faults('getDepth', 7)).toEqual([]);
  expect(judge.faults('getMapping', { s: 'error', errmsg: 'no' })).toEqual([]);
});

it('refuses what is no document', () => {
  expect(() => DocumentJudge.read('a: 1')).toThrow('no OpenAPI document');
});
