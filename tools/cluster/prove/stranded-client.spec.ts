import { StrandedClient, type StrandedStore } from './stranded-client.ts';

/** Keeps what it is told to keep, answers as long as it is heard, and says when it was asked so often. */
class Member implements StrandedStore {
  readonly kept: number[] = [];
  answersAlone = false;
  isAlone = false;
  private asked = 0;
  private awaited: { readonly count: number; readonly reached: () => void } | null = null;

  write(number: number): Promise<void> {
    this.asked += 1;
    if (this.asked === this.awaited?.count) this.awaited.reached();
    if (this.isAlone) return this.answersAlone ? Promise.resolve() : Promise.reject(new Error('nobody else hears it'));
    this.kept.push(number);
    return Promise.resolve();
  }

  askedMore(): Promise<void> {
    return new Promise((reached) => (this.awaited = { count: this.asked + 2, reached }));
  }

  held = (): Promise<readonly number[]> => Promise.resolve(this.kept);
  close = (): Promise<void> => Promise.resolve();
}

describe('a client that hears one member only', () => {
  /** Before, while and after its member is cut off. */
  async function partedOnce(member: Member): Promise<StrandedClient> {
    const client = new StrandedClient(member);
    await member.askedMore();
    client.strand();
    member.isAlone = true;
    await member.askedMore();
    client.rejoin();
    member.isAlone = false;
    await member.askedMore();
    return client;
  }

  it('was told the truth where nothing was told as kept by a member alone', async () => {
    const client = await partedOnce(new Member());
    expect(await client.testimony()).toMatch(
      /^[1-9]\d* writes .* alone, 0 of them told as kept; of [1-9]\d* .* 0 are not/,
    );
  });

  it('was lied to where a member alone told it that something is kept', async () => {
    const member = new Member();
    member.answersAlone = true;
    await expect((await partedOnce(member)).testimony()).rejects.toThrow(/alone, [1-9]\d* of them told as kept/);
  });

  it.each([
    ['is not there', (kept: number[]) => kept.splice(0, 1)],
    ['is there twice', (kept: number[]) => kept.push(...kept.slice(0, 1))],
  ])('was lied to where what it was told is kept %s', async (_, alter) => {
    const member = new Member();
    const client = await partedOnce(member);
    alter(member.kept);
    await expect(client.testimony()).rejects.toThrow(/told at any time 1 are not there once/);
  });

  it('proves nothing where its member was never alone', async () => {
    const member = new Member();
    const client = new StrandedClient(member);
    await member.askedMore();
    await expect(client.testimony()).rejects.toThrow(/^0 writes/);
  });
});
