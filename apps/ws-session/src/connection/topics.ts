import { EVENT_TOPICS, type Topic } from './broadcast.ts';

const TOPICS: readonly string[] = [...EVENT_TOPICS, 'prices', 'calculate_updates'];
export const isTopic = (text: string): text is Topic => TOPICS.includes(text);

/** Everything but some, or nothing but some. */
interface Choice {
  everything: boolean;
  readonly but: Set<string>;
}

const chooses = ({ everything, but }: Choice, id: string): boolean => everything !== but.has(id);

/** What a session wants to hear of what it may. Accounts count for events, instruments for prices. */
export class Topics {
  private readonly chosen = new Map<Topic, Choice>();

  /** Everything at once: how a client starts that cannot choose. */
  static all(prices: boolean): Topics {
    const topics = new Topics();
    for (const topic of EVENT_TOPICS) topics.add(topic, null);
    if (prices) topics.add('prices', null);
    return topics;
  }

  /** `ids` null is all there are. */
  add(topic: Topic, ids: readonly string[] | null): void {
    if (ids === null) return void this.chosen.set(topic, { everything: true, but: new Set() });
    const choice = this.chosen.get(topic) ?? { everything: false, but: new Set() };
    for (const id of ids) {
      if (choice.everything) choice.but.delete(id);
      else choice.but.add(id);
    }
    this.chosen.set(topic, choice);
  }

  remove(topic: Topic, ids: readonly string[] | null): void {
    const choice = this.chosen.get(topic);
    if (!choice) return;
    if (ids === null) return void this.chosen.delete(topic);
    for (const id of ids) {
      if (choice.everything) choice.but.add(id);
      else choice.but.delete(id);
    }
  }

  /** Whether anything of a topic is wanted. */
  has(topic: Topic): boolean {
    return this.chosen.has(topic);
  }

  wants(topic: Topic, id: string): boolean {
    const choice = this.chosen.get(topic);
    return choice !== undefined && chooses(choice, id);
  }

  /** The single accounts and instruments that are named: their number is bounded by the protocol. */
  get named(): ReadonlySet<string> {
    return new Set([...this.chosen.values()].flatMap(({ but }) => [...but]));
  }
}
