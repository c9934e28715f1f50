import { NoWebSocketError } from './errors.ts';

/** What the client uses of a WebSocket: browsers, Node 22 and the package `ws` have it alike. */
export interface WebSocketLike {
  readonly readyState: number;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'open' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { readonly code: number; readonly reason: string }) => void): void;
}

export type OpenWebSocket = (url: string) => WebSocketLike | Promise<WebSocketLike>;

/** The platform's own, or that of the package `ws`, which Node below 22 needs. */
export async function openWebSocket(url: string): Promise<WebSocketLike> {
  const { WebSocket: Platform } = globalThis as { WebSocket?: new (url: string) => WebSocketLike };
  if (Platform) return new Platform(url);
  const { WebSocket } = await import('ws').catch(() => {
    throw new NoWebSocketError('no WebSocket here: install the package ws, or use Node 22');
  });
  return new WebSocket(url);
}
