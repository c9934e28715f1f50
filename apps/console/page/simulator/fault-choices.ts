/** What can be made to go wrong, by its number in docs/xapi-faults.md; the bodies are the control port’s. */
export interface FaultChoice {
  readonly number: string;
  readonly name: string;
  readonly fault: { readonly kind: string } & Readonly<Record<string, unknown>>;
}

const trade = 'tradeTransaction';

export const FAULT_CHOICES: readonly FaultChoice[] = [
  { number: '1', name: 'the main connection freezes', fault: { kind: 'freeze', socket: 'main' } },
  { number: '2', name: 'the streaming connection freezes', fault: { kind: 'freeze', socket: 'stream' } },
  { number: '3', name: 'no trades on the stream', fault: { kind: 'mute', stream: 'trade' } },
  { number: '4', name: 'no keep-alives', fault: { kind: 'mute', stream: 'keepAlive' } },
  { number: '7', name: 'the connection drops on a trade, unread', fault: dropOn(trade, 'before') },
  { number: '8', name: 'the connection drops on login, unread', fault: dropOn('login', 'before') },
  { number: '9', name: 'the connection drops right after the login’s reply', fault: dropOn('login', 'replied') },
  { number: '10', name: 'a trade’s reply is lost, and it was executed', fault: loseReply(true) },
  { number: '11', name: 'a trade’s reply is lost, and it was not executed', fault: loseReply(false) },
  {
    number: '12',
    name: 'a trade’s reply comes 20 s late',
    fault: { kind: 'delay-reply', command: trade, ms: 20_000, times: 1 },
  },
  {
    number: '15',
    name: 'a trade’s status is stuck for a minute',
    fault: { kind: 'stuck-status', ms: 60_000, times: 1 },
  },
  { number: '16', name: 'a trade is taken and then refused', fault: { kind: 'reject', requestStatus: 4, times: 1 } },
  { number: '17', name: 'no status of trades on the stream', fault: { kind: 'mute', stream: 'tradeStatus' } },
  {
    number: '23',
    name: 'a pending order triggers, and no position comes of it',
    fault: { kind: 'fail-trigger', times: 1 },
  },
  {
    number: '43',
    name: 'a trade is answered with the error BE001',
    fault: { kind: 'reply-error', command: trade, code: 'BE001', times: 1 },
  },
  {
    number: '44',
    name: 'WebSocket upgrades get an error page',
    fault: { kind: 'refuse-upgrade', status: 503, times: 1 },
  },
  { number: '50', name: 'a message of the stream breaks off', fault: { kind: 'truncate', socket: 'stream', times: 1 } },
  { number: '58', name: 'maintenance: nobody is let in', fault: { kind: 'maintenance', mode: 'refuse' } },
];

function dropOn(command: string, when: string): FaultChoice['fault'] {
  return { kind: 'drop-on', command, when, times: 1 };
}

function loseReply(executed: boolean): FaultChoice['fault'] {
  return { kind: 'lose-reply', command: trade, executed, times: 1 };
}
