import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useReducer, useRef } from 'preact/hooks';

interface Rows {
  readonly items: readonly { readonly index: number; readonly startPx: number }[];
  readonly totalPx: number;
}

/** Which of many rows of one height are in sight of a box that scrolls. */
export function useRows(box: RefObject<HTMLDivElement | null>, count: number, rowPx: number): Rows {
  const [, draw] = useReducer((drawn: number) => drawn + 1, 0);
  const options = {
    count,
    getScrollElement: () => box.current,
    estimateSize: () => rowPx,
    overscan: 12,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => draw(undefined),
  };
  const virtual = useRef<Virtualizer<HTMLDivElement, Element>>(undefined);
  virtual.current ??= new Virtualizer(options);
  const virtualizer = virtual.current;
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());
  return {
    items: virtualizer.getVirtualItems().map(({ index, start }) => ({ index, startPx: start })),
    totalPx: virtualizer.getTotalSize(),
  };
}
