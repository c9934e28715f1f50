import { addressOf } from '@core/edge/trusted-proxies';
import { instantFromMs } from '@core/kernel/instant';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { Admission } from './connection/admission.ts';
import { ConnectionSettings, EndpointSettings } from './config.ts';
import { Connection } from './connection/connection.ts';
import type { Wire } from './connection/send-queue.ts';
import { SaidWhy } from './connection/said-why.ts';
import { RequestHandler } from './requests/request-handler.ts';
import { Sessions } from './connection/sessions.ts';
import { SessionSlots } from './connection/session-slots.ts';
import { SteadyClock } from './connection/steady-clock.ts';

const PATH = '/ws';
/** Clients come back over this long after a shutdown, not all at once. */
const RECONNECT_SPREAD_MS = 5_000;

/** The WebSocket endpoint: plain `ws`, because the protocol has its own envelope. */
@Injectable()
export class SocketServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sockets: WebSocketServer;
  private timer: NodeJS.Timeout | undefined;
  /** Who comes now would be gone without a goodbye. */
  private isEnding = false;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly sessions: Sessions,
    private readonly admission: Admission,
    private readonly handler: RequestHandler,
    private readonly clock: SteadyClock,
    private readonly slots: SessionSlots,
    private readonly settings: EndpointSettings,
    private readonly limits: ConnectionSettings,
  ) {
    const maxPayload = limits.inboundFrameMaxBytes;
    const how = { noServer: true, maxPayload, perMessageDeflate: false, WebSocket: SaidWhy };
    this.sockets = new WebSocketServer(how);
  }

  onApplicationBootstrap(): void {
    const server = this.host.httpAdapter.getHttpServer() as Server;
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.upgrade(request, socket, head),
    );
    this.timer = setInterval(() => this.look(), this.settings.tickMs);
  }

  /** Says goodbye to everyone and waits until they are gone, at most as long as a goodbye may take. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isEnding = true;
    clearInterval(this.timer);
    const deadline = instantFromMs(this.clock.today() + this.limits.closeGraceMs);
    const leaving = [...this.sockets.clients].map((socket) => new Promise((gone) => socket.once('close', gone)));
    for (const { session, queue } of [...this.sessions.all()]) {
      session?.announceEnd(Math.floor(Math.random() * RECONNECT_SPREAD_MS), deadline);
      queue.end('going_away');
    }
    await Promise.all(leaving);
    await this.slots.idle();
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refusal = this.refusalOf(request);
    if (refusal) return refuse(socket, refusal);
    this.sockets.handleUpgrade(request, socket, head, (client) =>
      this.connect(client, socket, addressOf(request, this.settings.trustedProxies)),
    );
  }

  /** Browsers always say where they come from; other clients rarely do. */
  private refusalOf({ url = '', headers: { origin } }: IncomingMessage): string | null {
    if (url.split('?')[0] !== PATH) return '404 Not Found';
    if (this.isEnding) return '503 Service Unavailable';
    return origin === undefined || this.settings.allowedOrigins.includes(origin) ? null : '403 Forbidden';
  }

  private connect(client: WebSocket, wire: Wire, address: string): void {
    const connection = new Connection(client, wire, address, this.limits, this.handler, this.clock);
    const isWelcome = this.admission.mayConnect(address, this.clock.now()) && this.sessions.join(connection);
    if (!isWelcome) connection.queue.end('too_many');
  }

  private look(): void {
    const now = this.clock.now();
    for (const connection of [...this.sessions.all()]) connection.look(now);
  }
}

function refuse(socket: Duplex, status: string): void {
  // Whoever is refused may be gone already.
  socket.on('error', () => undefined);
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
