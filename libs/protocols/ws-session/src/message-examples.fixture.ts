import type { clientMessages, serverMessages } from './message-catalogue.ts';

const account_id = '9020b4e5-dade-46da-9469-7a58fa25fd56';
const position_id = 'be06c5da-35d4-4ca1-8865-f9b24b9038a3';
const cursor = 'hb8C0Wq7y2mJYQ0x3rQd5w';
const server_date = 1731675320616142;

const state = (request: string) => ({
  ...{ request, request_id: '0b6f6a3e-7f55-4be9-8f0e-1d5a3a1c9a10', process_id: 'desk-7-000123', account_id },
  ...{ state: 'requested', waits_for: null, error: null, message: null },
});
const recorded = (request: string) => ({ success: state(request) });

/** One body of every message that the server adds to the nine of the base profile, whose samples are the protocol's. */
export const serverExamples: Readonly<
  Record<Exclude<keyof typeof serverMessages, 'account_event' | 'position' | 'pending_position'>, object>
> = {
  auth_result: {
    ...{ result: 'success', session_id: '5c0e5c2e-6d0f-4c59-9d3c-0f6e6f0b2a11', features: ['sequence', 'snapshot'] },
    ...{ scopes: ['read', 'trade'], expires_date: null, resume: null, server_date },
    limits: {
      ...{ max_message_bytes: 16384, client_messages_per_second: 10, ping_interval_ms: 10000 },
      ...{ pong_timeout_ms: 25000, session_max_age_ms: 86400000 },
      ...{ resume_max_age_ms: 259200000, resume_max_events: 50000 },
    },
  },
  bid_ask: { id: 'EURUSD', bid: 1.1001, ask: 1.1002, date: 1731675320544000, base: 'EUR', quote: 'USD' },
  heartbeat: { server_date, cursor },
  sync_completed: { mode: 'snapshot', cursor, sequences: { [account_id]: 1042 } },
  notice: { kind: 'going_away', reconnect_after_ms: 3200, deadline_date: server_date, cursor },
  error: { code: 'unsupported_feature', message: 'unsupported feature', fatal: false },
  subscribe_result: { success: true },
  unsubscribe_result: { error: 'unknown_topic' },
  server_time_response: { success: { server_date } },
  get_accounts_response: { error: 'account_not_found' },
  get_positions_response: { success: [] },
  get_pending_positions_response: { success: [] },
  get_last_prices_response: { error: 'unauthorized' },
  place_order_response: recorded('place_order'),
  update_order_response: {
    ...{ error: 'limit_exceeded', message: 'limit exceeded: percent between the price and the last quote: at most 5' },
    ...{ final: false, limit: { kind: 'price_band', of: 'account', allowed: 5, found: 7.5 } },
  },
  cancel_order_response: { error: 'order_not_found', message: 'unknown order', final: true },
  close_position_response: recorded('close_position'),
  update_position_response: recorded('update_position'),
  request_update: { ...state('place_order'), state: 'rejected', error: 'day_off', message: 'market closed' },
};

const process_id = 'desk-7-000123';
const protection = { sl_in_instrument_price: 1.09, tp_in_instrument_price: null };

/** One body of everything that a client may say. */
export const clientExamples: Readonly<Record<keyof typeof clientMessages, object>> = {
  auth_request: { secret_key: 'secret', features: ['sequence', 'snapshot', 'responses'], resume: { cursor } },
  subscribe: { topics: ['accounts', 'positions', 'orders'], account_ids: [account_id], asset_pairs: null },
  unsubscribe: { topics: ['orders'] },
  get_server_time: {},
  get_accounts: {},
  get_positions: { account_id, asset_pair: 'EURUSD' },
  get_pending_positions: { account_id },
  get_last_prices: { asset_pair: 'EURUSD' },
  place_order: {
    ...{ process_id, account_id, asset_pair: 'EURUSD', side: 'Buy', order_type: 'Limit', lots_amount: 0.1 },
    ...{ desire_price: 1.0995, ...protection, expire_date: null },
  },
  update_order: { process_id, account_id, order_id: position_id, desire_price: 1.1, ...protection, expire_date: null },
  cancel_order: { process_id, account_id, order_id: position_id },
  close_position: { process_id, account_id, position_id, lots_amount: null },
  update_position: { process_id, account_id, position_id, ...protection, trailing_points: 120 },
};
