import { Listr, PRESET_TIMER } from 'listr2';

/** Does one thing that takes seconds: its name while it is done, then a tick and how long it took. */
export async function step<Result>(title: string, run: () => Promise<Result>): Promise<Result> {
  let result: { readonly value: Result } | undefined;
  await new Listr([{ title, task: async () => void (result = { value: await run() }) }], {
    renderer: 'default',
    fallbackRenderer: 'simple',
    rendererOptions: { timer: PRESET_TIMER },
    fallbackRendererOptions: { timer: PRESET_TIMER },
    registerSignalListeners: false,
  }).run();
  if (!result) throw new Error(`${title}: it ended without a result`);
  return result.value;
}
