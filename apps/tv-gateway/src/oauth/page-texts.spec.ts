import { pageTexts } from './page-texts.ts';

it('every language has every text of the pages', () => {
  expect(pageTexts.faults()).toEqual([]);
});
