/** What a process says of itself at its ops port. */
export class Metrics {
  private constructor(private readonly lines: readonly string[]) {}

  static async read(opsPort: number): Promise<Metrics> {
    return new Metrics((await (await fetch(`http://127.0.0.1:${opsPort}/metrics`)).text()).split('\n'));
  }

  /** Sum of a metric over whatever its labels distinguish, or of those that have this one (`stream="trade"`). */
  value(name: string, label = ''): number {
    const values = this.lines
      .filter((line) => (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) && line.includes(label))
      .map((line) => Number(line.slice(line.lastIndexOf(' '))));
    return values.reduce((sum, value) => sum + value, 0);
  }

  get cpuMs(): number {
    return this.value('process_cpu_seconds_total') * 1_000;
  }
}
