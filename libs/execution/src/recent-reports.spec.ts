import { openPosition, pending } from './account-tracker.fixture.ts';
import { RecentReports } from './recent-reports.ts';

const options = { repeatMs: 1_000, raceMs: 100 };

describe('what the stream spoke of lately', () => {
  let reports: RecentReports;
  beforeEach(() => {
    reports = new RecentReports(options);
  });

  it('a report came before while its time lasts, counted from the last time it came', () => {
    expect(reports.cameBefore(openPosition(), 0)).toBe(false);
    expect(reports.cameBefore(openPosition(), 999)).toBe(true);
    expect(reports.cameBefore(openPosition(), 1_998)).toBe(true);
    expect(reports.cameBefore(openPosition(), 2_998)).toBe(false);
  });

  it('and only with all it says', () => {
    reports.cameBefore(openPosition({ stopLoss: '1.05' }), 0);
    expect(reports.cameBefore(openPosition({ stopLoss: '1.06' }), 1)).toBe(false);
  });

  it('two changes of one thing within the race may have changed places, and stay doubtful', () => {
    expect(reports.changed(openPosition(), 0)).toBe(false);
    expect(reports.changed(openPosition(), 100)).toBe(false);
    expect([...reports.disordered]).toEqual([]);
    expect(reports.changed(openPosition(), 199)).toBe(true);
    expect(reports.changed(openPosition(), 1_000)).toBe(false);
    expect([...reports.disordered]).toEqual([openPosition().position]);
  });

  it('changes of different things never race', () => {
    reports.changed(pending({ order: '1' }), 0);
    expect(reports.changed(pending({ order: '2' }), 0)).toBe(false);
    expect([...reports.disordered]).toEqual([]);
  });

  it('an order was repeated just before as long as the race, its end included', () => {
    expect(reports.wasRepeated('1', 0)).toBe(false);
    reports.repeated('1', 0);
    expect(reports.wasRepeated('1', 100)).toBe(true);
    expect(reports.wasRepeated('1', 101)).toBe(false);
    expect(reports.wasRepeated('2', 0)).toBe(false);
  });

  it('remembers when it last spoke of a position or an order, and of nothing for a booking', () => {
    reports.see(openPosition({ position: '7' }), 5);
    reports.see(openPosition({ position: '7' }), 9);
    reports.see(pending({ order: '8' }), 6);
    expect([reports.spokenOfMs('7'), reports.spokenOfMs('8'), reports.spokenOfMs('9')]).toEqual([9, 6, undefined]);
  });
});
