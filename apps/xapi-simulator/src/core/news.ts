import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';

export interface NewsItem {
  readonly key: string;
  readonly time: number;
  readonly title: string;
  readonly body: string;
}

const SUBJECTS = ['The dollar', 'The euro', 'Gold', 'Crude oil', 'The pound', 'Zażółć gęślą jaźń, a Warsaw listing,'];
const VERBS = ['steadies', 'climbs', 'slips', 'is little changed', 'recovers', 'breaks its trend'];
const REASONS = [
  'ahead of payrolls',
  'after the central bank spoke',
  'in thin trading',
  'as yields move',
  'on supply worries',
];

const MAX_ITEMS = 1_000;
const SHORTEST_PAUSE_MS = 120_000;
const LONGEST_PAUSE_MS = 600_000;

/** Headlines every few minutes, some with letters that take more than one byte. */
export class News {
  private readonly items: NewsItem[] = [];

  constructor(
    private readonly scheduler: Scheduler,
    private readonly random: Random,
    private readonly time: () => number,
    private readonly published: (item: NewsItem) => void,
  ) {}

  start(): void {
    this.scheduler.after(this.random.between(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS), () => {
      this.publish(this.invent());
      this.start();
    });
  }

  publish({ title, body }: Pick<NewsItem, 'title' | 'body'>): NewsItem {
    const item: NewsItem = { key: this.random.hex(32), time: this.time(), title, body };
    this.items.push(item);
    if (this.items.length > MAX_ITEMS) this.items.shift();
    this.published(item);
    return item;
  }

  between(start: number, end: number): readonly NewsItem[] {
    return this.items.filter(({ time }) => start <= time && time <= end);
  }

  private invent(): Pick<NewsItem, 'title' | 'body'> {
    const pick = (words: readonly string[]): string => words[this.random.below(words.length)] ?? '';
    const title = `${pick(SUBJECTS)} ${pick(VERBS)} ${pick(REASONS)}`;
    return { title, body: `<html><body><p>${title}.</p></body></html>` };
  }
}
