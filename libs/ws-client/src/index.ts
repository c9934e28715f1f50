import { AccountBook } from './account-book.ts';
import { Cells, type CellEvent } from './cells.ts';
import {
  ClosedError,
  NoAnswerError,
  NoWebSocketError,
  ProtocolError,
  RefusedError,
  UnauthorizedError,
  WsClientError,
} from './errors.ts';
import type { Account, BidAsk, Metadata, Micros, Operation, PendingPosition, Position } from './models.ts';
import type { RecordedEvent, SessionEvent, Snapshot } from './session-event.ts';
import type { CancelOrder, ClosePosition, PlaceOrder, RequestState, UpdateOrder, UpdatePosition } from './trading.ts';
import type { OpenWebSocket, WebSocketLike } from './web-socket.ts';
import { WsClient, type AccountFilter, type PositionFilter, type WsClientOptions } from './ws-client.ts';

/** Opens a session and keeps it up until the client is closed. */
export const connect = (options: WsClientOptions): WsClient => new WsClient(options);

export {
  AccountBook,
  Cells,
  ClosedError,
  NoAnswerError,
  NoWebSocketError,
  ProtocolError,
  RefusedError,
  UnauthorizedError,
  WsClient,
  WsClientError,
};
export type {
  Account,
  AccountFilter,
  BidAsk,
  CancelOrder,
  CellEvent,
  ClosePosition,
  Metadata,
  Micros,
  OpenWebSocket,
  Operation,
  PendingPosition,
  PlaceOrder,
  Position,
  PositionFilter,
  RecordedEvent,
  RequestState,
  SessionEvent,
  Snapshot,
  UpdateOrder,
  UpdatePosition,
  WebSocketLike,
  WsClientOptions,
};
