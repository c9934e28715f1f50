import { commandSubjects, subjects } from '@core/contracts/subjects';
import { parse } from 'yaml';
import { asyncApi } from './asyncapi.ts';

interface Document {
  readonly channels: Readonly<Record<string, { readonly address: string }>>;
}

const said = Object.values(subjects).map((subject) => (typeof subject === 'string' ? subject : subject('*')));
const { channels } = parse(asyncApi().text) as Document;

it('every subject that is told, asked or commanded is in the document, and nothing else', () => {
  const documented = Object.values(channels).map(({ address }) => address.replaceAll(/\{\w+\}/g, '*'));
  expect(documented.toSorted()).toEqual([...said, ...Object.values(commandSubjects)].toSorted());
});
