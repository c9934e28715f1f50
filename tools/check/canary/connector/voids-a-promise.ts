// caught by: typescript(no-floating-promises)
const answer = async (): Promise<void> => {};

export function handle(): void {
  void answer();
}
